import { afterAll, beforeAll, expect, it } from 'vitest';
import type { AuditDocument } from '../../src/report/json.ts';
import { type AuditView, type OpenedProject, openProject } from '../open-project.ts';
import { project } from '../projects/typescript-paths.ts';

let opened: OpenedProject;
let seen: AuditView;

beforeAll(async () => {
  opened = await openProject(project);
  seen = await opened.audit();
});
afterAll(() => opened?.close());

const unused = (): readonly string[] => seen.findings('unused-module').flatMap(({ at }) => at.map(({ path }) => path));
const dangling = (file: string): readonly string[] =>
  seen
    .findings('dangling-import')
    .filter(({ at }) => at.some(({ path }) => path === file))
    .map(({ at, severity, message }) => `${at[0]?.line} ${severity} ${message}`)
    .sort();

it('C4: each specifier leads where the compiler finds it; what none leads to is unused', () => {
  expect(unused().filter((path) => path.includes('/reached/') || path.startsWith('packages/'))).toEqual([
    'web/src/reached/nobody.ts',
  ]);
});

it('C4: an alias that leads nowhere and a name that a barrel lacks are missed, with their lines', () => {
  expect(dangling('web/src/server.ts')).toEqual([
    '11 medium web/src/barrel has no lost, which 1 file imports from it.',
    '4 high 1 file imports @/reached/aliasing, which is not there.',
  ]);
});

it('C4: an alias means what the nearest tsconfig says', () => {
  expect(dangling('worker/src/worker.ts')).toEqual(['3 high 1 file imports @/reached/aliased, which is not there.']);
  expect(seen.about('dangling-import', 'worker/src/worker.ts')[0]?.evidence).toContain(
    'perhaps web/src/reached/aliased.ts is meant',
  );
});

it('C3: vi.mock keeps a module; the mock of one that is gone is said, as a small matter', () => {
  expect(dangling('web/src/server.test.ts')).toEqual([
    '3 low 1 file imports web/src/reached/moved, which is not there.',
  ]);
});

it('C10: a chain of modules that begins nowhere', () => {
  expect(seen.about('unused-module', 'web/src/old.ts')[0]?.evidence).toContain(
    'imported only by dead modules: web/src/old.ts ← web/src/older.ts',
  );
});

it('C23: properties, keys and suffixes are no stores', () => {
  const { bindings } = seen.audit as unknown as AuditDocument;
  expect(bindings.map(({ path, line, store }) => [path, line, store])).toEqual([
    ['worker/src/worker.ts', 4, 'data/app.db'],
  ]);
  expect(seen.findings('missing-store')).toEqual([]);
});
