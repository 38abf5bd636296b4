/** Scripts that delete data and ask nobody (trap C18). */
import type { RoleFound } from '../../code/roles/model.ts';
import type { Detector } from '../model.ts';
import { count } from '../wording.ts';

export const destructiveScript: Detector = {
  doc: {
    code: 'destructive-script',
    title: 'A script deletes data without asking',
    severity: 'high',
    when: 'A script that is run by itself drops tables, deletes or truncates without a condition, or removes store files, and neither looks at the environment nor asks, nor needs an option such as --yes.',
    why: 'Run in the wrong folder or with the wrong variable it empties the live store.',
    fix: 'Refuse where the environment says production, ask for a typed word, take a backup first.',
    not: 'Scripts with a guard, tests, numbered migrations, temporary files, tables that the script has made itself (`DROP TABLE IF EXISTS` before `CREATE TABLE` of a scratch store).',
  },
  detect({ code }) {
    return [...code.roles].flatMap(([path, roles]) => {
      const acts = roles.filter(({ destructive, guards }) => destructive && guards.length === 0);
      if (acts.length === 0) return [];
      const marks = marksOf(acts);
      const bindings = code.bindings.filter((binding) => binding.path === path);
      const stores = [...new Set(bindings.flatMap(({ store }) => (store === null ? [] : [store])))].sort();
      const server = bindings.some(({ target }) => target.kind === 'server');
      const onlyScratch =
        bindings.length > 0 && bindings.every(({ target }) => target.kind === 'temporary' || target.kind === 'memory');
      if (onlyScratch) return [];
      return [
        {
          severity: stores.length > 0 || server ? ('high' as const) : ('medium' as const),
          confidence: 'likely' as const,
          message: `${path} deletes data and asks nobody${stores.length > 0 ? ` (${stores.join(', ')})` : ''}.`,
          at: marks.slice(0, 6).map(({ line }) => ({ path, line })),
          stores,
          evidence: [
            ...marks.slice(0, 6).map(({ line, text }) => `line ${line}: ${text}`),
            `no guard in ${count(roles.length, 'role')}: no look at the environment, no question, no required option`,
          ],
          consequence: 'Started in the wrong place it empties the store that people use.',
          action: 'Let it refuse in production, ask for a typed word, and back up before.',
        },
      ];
    });
  },
};

function marksOf(acts: readonly RoleFound[]): readonly { readonly line: number; readonly text: string }[] {
  const all = acts.flatMap(({ evidence }) => evidence);
  const unique = new Map(all.map((mark) => [`${mark.line} ${mark.text}`, mark]));
  return [...unique.values()].sort((x, y) => x.line - y.line);
}
