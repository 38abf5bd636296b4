import { expect, it } from 'vitest';
import type { LedgerDocument, LedgerMerge, PartBalance } from '../../merge/ledger/documents.ts';
import { ledgerToTerminal } from './ledger-terminal.ts';

const NONE: PartBalance = {
  store: 'a.db',
  sourceTable: 'users',
  table: 'users',
  rows: 0,
  inserted: 0,
  identical: 0,
  merged: 0,
  retained: 0,
  conflicts: 0,
  balanced: true,
  retainedBy: [],
  differs: [],
  leftOut: [],
} as unknown as PartBalance;

const shown = (tables: LedgerMerge['tables']): string =>
  ledgerToTerminal(
    {
      run: 'r1',
      status: 'verified',
      balanced: true,
      listed: null,
      merges: [{ action: 'merge-hub', target: 'hub.db', file: 'runs/r1/ledger-merge-hub.db', tables }],
    } as unknown as LedgerDocument,
    { width: 80, colour: false } as unknown as Parameters<typeof ledgerToTerminal>[1],
  );

const table = (name: string, before: number, after: number, parts: readonly PartBalance[]) =>
  ({ table: name, before, after, balanced: true, parts }) as LedgerMerge['tables'][number];

it('tables that are empty in every source are one line, not one paragraph each', () => {
  const text = shown([
    table('users', 2, 3, [{ ...NONE, rows: 1, inserted: 1 }]),
    table('logs', 46, 46, [NONE]),
    table('trips', 0, 0, [NONE]),
  ]);
  expect(text).toContain('users: 2 rows before, 3 after');
  expect(text).toContain('  empty in every source  logs (46) and trips (0); as many rows as before');
  expect(text).not.toContain('logs: 46 rows');
});

it('where several sources differ in one column, each line says whose rows they are', () => {
  const differs = [{ column: 'name', rows: 1, winner: 'target', rule: 'target' }] as unknown as PartBalance['differs'];
  const part = (store: string) => ({ ...NONE, store, rows: 1, merged: 1, conflicts: 1, differs });
  const text = shown([table('users', 1, 1, [part('a.db'), part('b.db')])]);
  expect(text).toContain('differ      a.db: name: 1 row, hub.db won (policy target)');
  expect(text).toContain('differ      b.db: name: 1 row, hub.db won (policy target)');
});
