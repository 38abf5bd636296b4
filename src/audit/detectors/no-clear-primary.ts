/** Rivals among which the evidence elects nobody. Speaks only where whole stores contradict each other. */
import type { Detector, StoreGroup } from '../model.ts';
import { type Standing, standings } from '../standing.ts';
import { list } from '../wording.ts';
import { type Draft, diffCommand } from './finding.ts';

export const noClearPrimary: Detector = {
  doc: {
    code: 'no-clear-primary',
    title: 'Nothing tells which store holds the truth',
    severity: 'medium',
    when: 'Stores in use have diverged, and freshness, containment, schema level and size do not point to one of them clearly enough. The points of each candidate and their reasons are listed.',
    why: 'Each later step (merging, re-pointing, archiving) needs to know which store stays. Guessing wrong is how the newer rows get overwritten.',
    fix: 'Look at the candidates, then name one: `stores: { PATH: { role: primary } }` in desprawl.yaml.',
    not: 'Groups with an elected or named primary; copies and backups of one store, where any choice keeps every row.',
  },
  detect(facts) {
    const diverged = standings(facts).filter(
      ({ kind, store }) => store.role === 'live' && (kind === 'diverged' || kind === 'superset'),
    );
    return facts.groups
      .filter(({ primary }) => primary === null)
      .flatMap((group) => {
        const rivals = diverged.filter(
          ({ store, against }) => group.stores.includes(store.id) && group.stores.includes(against.id),
        );
        return rivals.length === 0 ? [] : [describe(group, rivals)];
      });
  },
};

function describe(group: StoreGroup, rivals: readonly Standing[]): Draft {
  const ids = [...new Set(rivals.flatMap(({ store, against }) => [store.id, against.id]))].sort();
  return {
    severity: 'medium',
    confidence: 'likely',
    message: `Nothing tells which of ${list(ids)} holds the truth.`,
    at: ids.map((path) => ({ path })),
    stores: ids,
    evidence: group.candidates
      .filter(({ store }) => ids.includes(store))
      .slice(0, 6)
      .map(
        ({ store, score, reasons }) =>
          `${store}: ${score} ${Math.abs(score) === 1 ? 'point' : 'points'}${reasons.length > 0 ? ` (${reasons.join('; ')})` : ', nothing speaks for it'}`,
      ),
    consequence: 'Rows keep being written to all of them, and a wrong guess later overwrites the newer ones.',
    action: `Name the one that stays under stores: in desprawl.yaml (role: primary).`,
    ...diffCommand(ids[0], ids[1]),
  };
}
