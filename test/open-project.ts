/**
 * Builds a fixture in a temporary folder and looks at it through the command line; every look is also checked for not
 * having touched anything, so each trap test is a test of promise 1 as well.
 */
import { chmodSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';
import type { Diff, DiffTable } from '../src/audit/diff-model.ts';
import type { Audit, Finding, StoreRelation, TableComparison } from '../src/audit/model.ts';
import { seenFrom } from '../src/audit/orient.ts';
import type { Store } from '../src/stores/model.ts';
import { type FixtureProject, settleTimes } from './projects/fixture-project.ts';
import { type CliOptions, runAudit, runDiff } from './run-cli.ts';
import { treeHash } from './tree-hash.ts';

export interface AuditView {
  readonly audit: Audit;
  store(path: string): Store;
  has(path: string): boolean;
  /** Rows per table of a store. */
  rows(path: string): Readonly<Record<string, number | null>>;
  findings(code: string): readonly Finding[];
  /** Findings of a code that name the store. */
  about(code: string, store: string): readonly Finding[];
  /** Seen from `a`; `undefined` where nothing relates them. */
  relation(a: string, b: string): StoreRelation | undefined;
  /** Seen from `a`. */
  table(a: string, tableA: string, b: string, tableB?: string): TableComparison | undefined;
}

export interface OpenedProject {
  readonly dir: string;
  audit(args?: readonly string[], options?: CliOptions): Promise<AuditView>;
  diff(a: string, b: string, ...args: readonly string[]): Promise<Diff>;
  /** Runs `look` and expects that not a byte, time or mode of the project changed. */
  untouched<T>(look: () => Promise<T>): Promise<T>;
  close(): void;
}

export async function openProject(project: FixtureProject): Promise<OpenedProject> {
  const parent = mkdtempSync(join(tmpdir(), 'fixture-'));
  chmodSync(parent, 0o755);
  const dir = join(parent, 'kiosk');
  mkdirSync(dir);
  await project.build(dir);
  settleTimes(dir);
  const untouched = async <T>(look: () => Promise<T>): Promise<T> => {
    const before = treeHash(dir);
    const result = await look();
    expect(treeHash(dir)).toEqual(before);
    return result;
  };
  return {
    dir,
    untouched,
    audit: async (args, options) => view(await untouched(() => runAudit(dir, args, options))),
    diff: (a, b, ...args) => untouched(() => runDiff(dir, [a, b, ...args])),
    close: () => rmSync(parent, { recursive: true, force: true }),
  };
}

export function view(audit: Audit): AuditView {
  const stores = new Map(audit.stores.map((store) => [store.path, store]));
  const store = (path: string): Store => {
    const found = stores.get(path);
    expect(found, `${path} is not among ${[...stores.keys()].join(', ')}`).toBeDefined();
    return found as Store;
  };
  const relation = (a: string, b: string): StoreRelation | undefined => {
    const found = audit.relations.find((one) => (one.a === a && one.b === b) || (one.a === b && one.b === a));
    return found === undefined ? undefined : seenFrom(a, found);
  };
  const findings = (code: string): readonly Finding[] => audit.findings.filter((finding) => finding.code === code);
  return {
    audit,
    store,
    has: (path) => stores.has(path),
    rows: (path) => Object.fromEntries(store(path).tables.map(({ name, rows }) => [name, rows])),
    findings,
    about: (code, path) =>
      findings(code).filter((one) => [...(one.stores ?? []), ...one.at.map((at) => at.path)].includes(path)),
    relation,
    table: (a, tableA, b, tableB = tableA) =>
      relation(a, b)?.tables.find((one) => one.a.table === tableA && one.b.table === tableB),
  };
}

/** The comparison of two tables in a diff. */
export function tableOf(diff: Diff, a: string, b: string = a): DiffTable {
  const found = diff.tables.find((one) => one.a === a && one.b === b);
  expect(
    found,
    `no comparison of ${a} and ${b} among ${diff.tables.map((one) => `${one.a}/${one.b}`).join(', ')}`,
  ).toBeDefined();
  return found as DiffTable;
}

/** Columns of a comparison in which rows differ, with the number of rows. */
export function differing(table: Pick<TableComparison, 'columns'>): Readonly<Record<string, number>> {
  return Object.fromEntries(
    table.columns.filter(({ conflicting }) => conflicting > 0).map(({ a, conflicting }) => [a, conflicting]),
  );
}
