/** Tests that write into a store of the project instead of one of their own. */
import type { Binding } from '../../bindings/model.ts';
import { opens, writes } from '../code-use.ts';
import { groupBy } from '../group-by.ts';
import type { Detector, Facts } from '../model.ts';
import { count, list } from '../wording.ts';
import type { Draft } from './finding.ts';

export const testsWriteState: Detector = {
  doc: {
    code: 'tests-write-state',
    title: 'Tests write into a store of the project',
    severity: 'high',
    when: 'A line of a test opens a store in use, or one that git tracks, and writes rows or changes tables there. All tests of one store are one finding.',
    why: 'Running the tests changes or deletes real rows, or leaves test rows among them; results depend on what was there before.',
    fix: 'Give each test a store of its own: a temporary folder, `:memory:`, or a copy of a fixture.',
    not: 'Stores in memory or in temporary folders, fixtures and stores in folders of tests, lines that only read, and lines that open another store when a test is set up as intended.',
  },
  detect(facts) {
    const tests = facts.code.bindings.filter(
      ({ purpose, confidence }) => purpose === 'test' && confidence !== 'unknown',
    );
    const lines = groupBy(tests, ({ path, line }) => `${path}:${line}`);
    // In some context the line opens a place of its own: then the test was thought of.
    const careful = new Set(
      [...lines].flatMap(([at, bindings]) =>
        bindings.some(({ target }) => target.kind === 'temporary' || target.kind === 'memory') ? [at] : [],
      ),
    );
    const writing = tests.filter((binding) => writes(binding) && !careful.has(`${binding.path}:${binding.line}`));
    return facts.stores.flatMap((store) => {
      const isLive = store.role === 'live' && store.foreign === undefined;
      const tracked = store.git === 'tracked' || store.git === 'ignored-tracked';
      if (store.role === 'fixture' || ITS_OWN.test(store.path) || (!isLive && !tracked)) return [];
      const found = writing.filter((binding) => opens(binding, store.id));
      return found.length === 0 ? [] : [describe(store.id, found, facts)];
    });
  },
};

/** Folders and names that say: for tests. */
const ITS_OWN =
  /(?:^|\/)(?:tests?|__tests__|specs?|e2e|fixtures?|testdata|tmp|temp|\.tmp|\.pytest_cache|__fixtures__)\/|(?:^|\/)[^/]*(?:^|[/_.-])test(?:s|ing)?(?:[_.-][^/]*)?$/i;

function describe(id: string, bindings: readonly Binding[], facts: Facts): Draft {
  const store = facts.stores.find((one) => one.id === id);
  const rows = store?.tables.reduce((sum, table) => sum + (table.rows ?? 0), 0) ?? 0;
  const tracked = store?.git === 'tracked' || store?.git === 'ignored-tracked';
  const used = facts.code.bindings.some((binding) => binding.purpose === 'application' && opens(binding, id));
  const files = [...new Set(bindings.map(({ path }) => path))];
  const tables = [
    ...new Set(
      bindings.flatMap((one) => one.tables.filter(({ access }) => access !== 'read').map(({ table }) => table)),
    ),
  ];
  return {
    severity: rows > 0 && used ? 'high' : rows > 0 || tracked ? 'medium' : 'low',
    confidence: bindings.some(({ confidence }) => confidence === 'proven') ? 'proven' : 'likely',
    message: `${list(files, 3)} ${files.length === 1 ? 'writes' : 'write'} to ${id}, a store ${used ? 'that the application uses' : tracked ? 'that git tracks' : 'in use'}.`,
    at: [...new Map(bindings.map(({ path, line }) => [`${path}:${line}`, { path, line }])).values()],
    stores: [id],
    evidence: [
      `${id} holds ${count(rows, 'row')}`,
      ...(tables.length === 0 ? [] : [`tables written: ${list(tables, 6)}`]),
      ...(tracked ? ['git tracks it: a run of the tests shows as a change'] : []),
      ...[...new Set(bindings.map(({ path, line, context }) => `${path}:${line} (${context})`))].slice(0, 6),
    ],
    consequence: 'A run of the tests changes rows that people rely on, or fails because of them.',
    action: 'Let these tests open a store of their own, in memory or in a temporary folder.',
  };
}
