import { describe, expect, it } from 'vitest';
import type { MergeResult, MergeSpec, PartResult } from '../model.ts';
import { PLAIN_TABLE } from '../settings.ts';
import { ONLY_IN_SOURCES } from './answers.ts';
import {
  countsOf,
  inShort,
  refusedIn,
  reviewedRules,
  staleMerge,
  withCounts,
  withDeletions,
  withoutMoot,
  withUnsettled,
} from './counted.ts';
import type { MergeProposal } from './model.ts';
import { askDeleted, askDiffer, askOnlyInSources } from './questions.ts';

const SPEC: MergeSpec = { version: 1, sources: [{ path: 'auth.db', kind: 'sqlite' }], tables: [], idMapTable: false };
const part = (table: string, own: Partial<PartResult>): PartResult => ({
  source: 0,
  sourceTable: table,
  table,
  rows: 6,
  inserted: 2,
  identical: 1,
  merged: 2,
  retained: 0,
  renumbered: 1,
  differs: {},
  conflicts: 2,
  changed: 0,
  retainedBy: [],
  leftOut: {},
  deletedInSource: null,
  ...own,
});
const result = (parts: readonly PartResult[], unsettled: MergeResult['unsettled'] = []): MergeResult => ({
  parts,
  tables: [...new Set(parts.map(({ table }) => table))].map((table) => ({ table, before: 6, after: 8 })),
  rebuilt: [],
  notVerified: [],
  unsettled,
});
const retained = (rule: PartResult['retainedBy'][number]['rule'], rows: number, detail: string | null = null) => ({
  retained: rows,
  retainedBy: [{ rule, detail, rows }],
});
const proposal = (own: Partial<MergeProposal> = {}): MergeProposal => ({
  target: 'hub.db',
  because: [],
  sources: ['auth.db'],
  tables: [{ ...PLAIN_TABLE, table: 'users', deleted: 'ask' }],
  questions: [],
  apart: [],
  ancestors: [null],
  spec: SPEC,
  result: null,
  ...own,
});

it('counts are said as a sum', () => {
  const found = result([part('users', retained('deleted-in-target', 1))]);
  expect(countsOf('users', found)).toBe('6 + 6 → 8: 2 new, 1 identical, 2 merged, 1 kept out, 1 with another id');
  expect(countsOf('tasks', found)).toBeNull();
});

it('in one line: tables into which something comes, all of them where there are none', () => {
  const said = (table: string, rows: string) => ({ ...PLAIN_TABLE, table, rows });
  const idle = [said('alembic_version', '0 + 0 → 0'), said('logs', '46 + 0 → 46')];
  expect(inShort({ tables: [...idle, said('users', '14 + 2 → 15: 1 new, 1 merged')] })).toBe('users 14 + 2 → 15');
  expect(inShort({ tables: idle })).toBe('alembic_version 0 + 0 → 0 and logs 46 + 0 → 46');
});

describe('R17: rows that may have been deleted', () => {
  const since = { target: 'hub.db', sources: ['auth.db'], since: 'b.db' };

  it('are asked with the number that the engine found, or not at all', () => {
    const asked = proposal({ questions: [askOnlyInSources(ONLY_IN_SOURCES, [{ table: 'users', rows: 9 }], 'hub.db')] });
    const some = withDeletions(asked, result([part('users', retained('deleted-in-target', 2))]));
    expect(some.questions.map(({ topic, evidence }) => [topic, evidence])).toEqual([
      [ONLY_IN_SOURCES, ['users: 2 rows']],
    ]);
    const none = withDeletions(asked, result([part('users', {})]));
    expect([none.questions, none.tables[0]?.deleted]).toEqual([[], 'returns']);
  });

  it('of which an earlier state tells are a question of their own table', () => {
    const asked = proposal({ questions: [askDeleted('users', 1, since)] });
    expect(withDeletions(asked, result([part('users', retained('deleted-in-target', 1))])).questions).toEqual(
      asked.questions,
    );
  });
});

describe('R7: rows that cannot come in', () => {
  it('hold their store until somebody lets it go', () => {
    const found = withCounts(
      proposal(),
      SPEC,
      result([
        part('users', {
          retained: 1,
          retainedBy: [
            { rule: 'refused', detail: 'CHECK constraint failed: role', rows: 1, examples: ['"Aaaa"', '"-9"'] },
          ],
        }),
      ]),
    );
    expect(found.questions).toMatchObject([
      {
        topic: 'users-refused',
        proposal: null,
        goes: ['accept'],
        holds: ['auth.db'],
        evidence: ['auth.db: 1 row, refused: CHECK constraint failed: role; values like "Aaaa", "-9"'],
      },
    ]);
  });

  it('what refers to a row that stays deleted follows that answer', () => {
    const deleted = part('users', retained('deleted-in-target', 1));
    const child = part('sessions', retained('parent-retained', 9));
    expect(refusedIn(result([deleted, child]), SPEC)).toEqual([]);
    const refused = part('users', retained('refused', 1));
    expect(refusedIn(result([refused, child]), SPEC).map(({ table, rows }) => [table, rows])).toEqual([
      ['users', 1],
      ['sessions', 9],
    ]);
  });
});

it('what differs between rows that are two in the end is not asked', () => {
  const table = 'players';
  const columns = [{ column: 'points', rows: 3 }];
  const question = askDiffer('differ', {
    table,
    columns,
    target: 'a',
    sources: ['b'],
    order: ['b'],
    newest: null,
    gaps: false,
  });
  const said = { ...PLAIN_TABLE, table, identity: ['id'], differ: { points: 'ask', joined: 'target' } as const };
  const of = (own: object, differs: PartResult['differs'] = {}) =>
    withoutMoot(
      proposal({ tables: [{ ...said, agreeing: true, ...own }], questions: [question] }),
      result([part(table, { differs })]),
    );
  expect(of({})).toMatchObject({ questions: [], tables: [{ differ: { joined: 'target' } }] });
  expect(of({}).tables[0]?.differ).toEqual({ joined: 'target' });
  expect(of({}, { points: 1 }).questions).toEqual([question]);
  expect(of({ deleted: 'ask' }).questions).toEqual([question]);
  expect(of({ agreeing: false }).questions).toEqual([question]);
});

it('columns that pairs did not show are asked', () => {
  const found = withUnsettled(proposal(), result([], [{ table: 'users', column: 'bio', rows: 3 }]));
  expect(found.tables[0]?.differ).toEqual({ bio: 'ask' });
  expect(found.questions.map(({ topic }) => topic)).toEqual(['users-differ']);
});

describe('stale, when it is measured again under the locks', () => {
  const refused = result([part('users', retained('refused', 1))]);

  it('not by more rows of a kind that was reviewed', () => {
    const more = result([part('users', retained('refused', 7))]);
    expect(staleMerge(reviewedRules(refused, { troubles: [] }), more)).toEqual([]);
  });

  it('by a rule that the review had no row for, and by a column for which nothing speaks', () => {
    const other = result([part('users', retained('two-matches', 1))], [{ table: 'users', column: 'bio', rows: 2 }]);
    expect(staleMerge(reviewedRules(refused, { troubles: [] }), other)).toEqual([
      '2 rows of users differ in bio, for which nothing was decided',
      'rows of users would stay out (they match two rows), of which the review had none',
    ]);
  });
});
