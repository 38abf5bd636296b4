/** Names the stores of other programs (trap S12), so that nobody consolidates them. Reads nothing into them. */
import { groupBy } from '../group-by.ts';
import type { Detector } from '../model.ts';
import { count, list, size } from '../wording.ts';

export const foreignStore: Detector = {
  doc: {
    code: 'foreign-store',
    title: 'A store belongs to another program',
    severity: 'low',
    when: 'The schema, the application id or the configuration says that a store is kept by a program that is not part of the project. All stores of one program are one finding.',
    why: 'Its owner changes tables and rows as it likes. Merging, moving or cleaning it up breaks that program.',
    fix: 'Leave it alone. If it is the project’s own after all, give it a role under `stores:` in desprawl.yaml.',
    not: 'It is left out of every other comparison; only password hashes and tokens under version control are still reported.',
  },
  detect(facts) {
    const foreign = facts.stores.filter((store) => store.foreign !== undefined && store.role !== 'fixture');
    return [...groupBy(foreign, ({ foreign: owner }) => owner?.program ?? '')].map(([program, stores]) => {
      const ids = stores.map(({ id }) => id);
      return {
        severity: 'low',
        confidence: 'likely',
        message: `${list(ids)} ${ids.length === 1 ? 'belongs' : 'belong'} to ${program} and ${ids.length === 1 ? 'is' : 'are'} left alone.`,
        at: stores.map(({ path }) => ({ path })),
        stores: ids,
        evidence: stores
          .slice(0, 6)
          .map(
            ({ id, foreign: owner, tables, bytes }) =>
              `${id}: ${owner?.evidence}; ${count(tables.length, 'table')}, ${size(bytes)}`,
          ),
        consequence: `None, as long as nobody merges or cleans ${ids.length === 1 ? 'it' : 'them'} up with the project’s own stores.`,
        action:
          ids.length === 1
            ? 'Leave it alone; if it is yours, name its role under stores: in desprawl.yaml.'
            : 'Leave them alone; if they are yours, name their roles under stores: in desprawl.yaml.',
      };
    });
  },
};
