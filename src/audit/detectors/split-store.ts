/** One spelling in code that means several files, depending on where the code is started (trap S5). */
import type { Binding } from '../../bindings/model.ts';
import type { Detector, Facts } from '../model.ts';
import { count, list } from '../wording.ts';
import { type Draft, diffCommand } from './finding.ts';

export const splitStore: Detector = {
  doc: {
    code: 'split-store',
    title: 'One spelling, several stores',
    severity: 'critical',
    when: 'One line opens different files, depending on the folder, container or variable it runs with, and at least two of these files are there.',
    why: 'Each way of starting the program sees other data. Users “vanish” and come back; what is written in one place is missing in the other.',
    fix: 'Build the path from the place of the file (`__file__`, `import.meta.dirname`) or from one required variable; then merge the files.',
    not: 'Lines whose several targets are chosen by the code on purpose (a parameter, a condition, tests), paths of which one file only is there.',
  },
  detect(facts) {
    const sites = new Map<string, Binding[]>();
    for (const binding of facts.code.bindings) {
      if (binding.purpose === 'test' || binding.store === null) continue;
      const key = `${binding.path}:${binding.line}`;
      sites.set(key, [...(sites.get(key) ?? []), binding]);
    }
    // Sites that split over the same files are one finding: a settings module and its readers.
    const bySet = new Map<string, Binding[][]>();
    for (const bindings of sites.values()) {
      const stores = storesOf(bindings);
      if (stores.length < 2 || !hangsOnStart(bindings)) continue;
      bySet.set(stores.join('\n'), [...(bySet.get(stores.join('\n')) ?? []), bindings]);
    }
    return [...bySet.values()].map((split) => describe(split, facts));
  },
};

/** Whether another way of starting opens other files; where each opens the same ones, the code chooses between them. */
function hangsOnStart(bindings: readonly Binding[]): boolean {
  const opened = new Map<string, Set<string>>();
  for (const { context, store } of bindings) {
    for (const way of context.split('; ')) opened.set(way, (opened.get(way) ?? new Set()).add(store as string));
  }
  const sets = new Set([...opened.values()].map((stores) => [...stores].sort().join('\n')));
  return sets.size > 1;
}

const storesOf = (bindings: readonly Binding[]): readonly string[] =>
  [...new Set(bindings.flatMap(({ store }) => (store === null ? [] : [store])))].sort();

function describe(split: readonly (readonly Binding[])[], facts: Facts): Draft {
  const [bindings = []] = split;
  const stores = storesOf(bindings);
  const relation = facts.relations.find(({ a, b }) => stores.includes(a) && stores.includes(b));
  const differ = relation === undefined ? 0 : relation.onlyA + relation.onlyB + relation.conflicting;
  const rows = (id: string): number =>
    facts.stores.find((store) => store.id === id)?.tables.reduce((sum, table) => sum + (table.rows ?? 0), 0) ?? 0;
  const filled = stores.filter((id) => rows(id) > 0).length;
  const names = [...new Set(stores.map((id) => id.split('/').at(-1)))];
  return {
    severity: filled > 1 ? 'critical' : 'medium',
    confidence: bindings.every(({ confidence }) => confidence === 'proven') ? 'proven' : 'likely',
    message: `One spelling of ${list(names as string[])} means ${count(stores.length, 'file')}: ${list(stores)}.`,
    at: split.flatMap((one) => (one[0] === undefined ? [] : [{ path: one[0].path, line: one[0].line }])),
    stores,
    evidence: [
      ...bindings.map(({ context, store }) => `${context}: ${store}`),
      ...stores.map((id) => `${id} holds ${count(rows(id), 'row')}`),
      ...(differ > 0
        ? [`${count(differ, 'row is', 'rows are')} not the same in ${stores.length === 2 ? 'both' : 'all of them'}`]
        : []),
    ],
    consequence: 'Which data the program sees depends on where it is started.',
    action: 'Make the path absolute at the line named, then merge the files; nothing may be deleted before.',
    ...diffCommand(stores[0], stores[1]),
  };
}
