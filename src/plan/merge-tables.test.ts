import { describe, expect, it } from 'vitest';
import { intentOf, planHash } from './intent.ts';
import type { Merge, Plan } from './model.ts';
import { readPlan } from './read-plan.ts';
import { updatePlan } from './update-plan.ts';
import { writePlan } from './write-plan.ts';

const TEXT = `version: 1
plan: kiosk-7c1e
decisions: []
actions:
  - merge: data/hub.db
    from: [data/tasks.db, data/auth.db]
    tables:
      users:
        rows: "6 + 6 → 8: 2 new, 4 merged"
        identity: [email]
        differ: { updated_at: newest, password_hash: ask }
        newest: updated_at
        columns: { last_login_at: add }
        fill: { role: user, level: 7, code: "7", note: null }
        references:
          - user_id -> users.id
          - "entity_id -> devices.id where entity_type is device, Device"
        deleted: ask
      tasks: { from: { data/tasks.db: dynamic_tasks }, identity: [id], agreeing: true }
    id: merge-data-hub-db
checks: []
`;
const read = (text: string): Plan => readPlan(text, 'p.yaml');
const merge = (text: string): Merge => read(text).actions[0] as Merge;
const change = (from: string, to: string): string => {
  expect(TEXT).toContain(from);
  return TEXT.replace(from, () => to);
};

it('reads what a person may edit of a merge', () => {
  expect(merge(TEXT)).toMatchObject({
    subject: 'data/hub.db',
    from: ['data/tasks.db', 'data/auth.db'],
    'id-map': null,
    tables: [
      {
        table: 'tasks',
        from: { 'data/tasks.db': 'dynamic_tasks' },
        identity: ['id'],
        agreeing: true,
        differ: {},
        deleted: 'returns',
      },
      {
        table: 'users',
        differ: { updated_at: 'newest', password_hash: 'ask' },
        newest: 'updated_at',
        columns: { last_login_at: 'add' },
        fill: { role: 'user', level: 7, code: '7', note: null },
        references: ['user_id -> users.id', 'entity_id -> devices.id where entity_type is device, Device'],
        deleted: 'ask',
      },
    ],
  });
});

it('is written as it is read, short tables in one line', () => {
  const plan = read(TEXT);
  const written = writePlan(plan, 'title');
  expect(read(written)).toEqual(plan);
  expect(written).toContain(
    '\n      tasks: { from: { data/tasks.db: dynamic_tasks }, identity: [id], agreeing: true }\n',
  );
  expect(written).toContain('\n        differ: { updated_at: newest, password_hash: ask }\n');
});

it('what was counted is written anew, and the rest of the file stays', () => {
  const plan = read(TEXT);
  const [action] = plan.actions as [Merge];
  const tables = action.tables.map((one) => ({ ...one, rows: '1 + 1 → 2' }));
  const text = updatePlan(TEXT, { ...plan, actions: [{ ...action, tables }] }, 'p.yaml');
  expect(text).toContain('rows: 1 + 1 → 2');
  expect(text.replace(/ {4}tables:[\s\S]*(?= {4}id:)/, '')).toBe(TEXT.replace(/ {4}tables:[\s\S]*(?= {4}id:)/, ''));
});

describe('a mistake has its place and what was probably meant', () => {
  it.each([
    [
      'identity: [email]',
      'identity: email',
      'p.yaml:10:19',
      'identity of users must be a list of columns, row or none',
    ],
    ['updated_at: newest,', 'updated_at: newst,', 'p.yaml:11:31', 'did you mean "newest"?'],
    ['        newest: updated_at\n', '', 'p.yaml:11:17', 'name the column of its time'],
    ['identity: [id], agreeing', 'agreeing', 'p.yaml:19:66', 'agreeing of tasks needs an identity of columns'],
    ['deleted: ask', 'deleted: gone', 'p.yaml:18:18', 'deleted of users must be stays, returns, ask'],
    ['- user_id -> users.id', '- user_id users', 'p.yaml:16:13', '"user_id users" is no reference'],
    ['        columns:', '        colums:', 'p.yaml:13:9', 'did you mean "columns"?'],
    ['data/tasks.db: dynamic_tasks', 'data/task.db: dynamic_tasks', 'p.yaml:8:7', 'did you mean "data/tasks.db"?'],
    ['from: [data/tasks.db, data/auth.db]', 'from: []', 'p.yaml:5:5', 'needs `from:`'],
    ['data/auth.db]', 'data/hub.db]', 'p.yaml:6:11', 'cannot come into itself'],
    ['data/auth.db]', 'data/tasks.db]', 'p.yaml:6:11', 'data/tasks.db is named twice'],
    ['data/auth.db]', '../auth.db]', 'p.yaml:6:27', '"../auth.db"'],
    ['    id: merge', '    id-map: file\n    id: merge', 'p.yaml:20:13', 'id-map can only be `table`'],
  ])('%s', (from, to, place, what) => {
    const error = (() => {
      try {
        read(change(from, to));
      } catch (thrown) {
        return thrown as Error & { code: string };
      }
      return null;
    })();
    expect(error?.code).toBe('DSP-PLAN-INVALID');
    expect(error?.message).toContain(what);
    expect(error?.message).toContain(place);
  });
});

describe('what has an effect', () => {
  const intent = (text: string): string => intentOf(merge(text), read(text));

  it.each([
    ['rows: "6 + 6 → 8: 2 new, 4 merged"', 'rows: other'],
    ['from: [data/tasks.db, data/auth.db]', 'from: [data/auth.db, data/tasks.db]'],
    ['{ updated_at: newest, password_hash: ask }', '{ password_hash: ask, updated_at: newest }'],
  ])('not %s', (from, to) => {
    expect(intent(change(from, to))).toBe(intent(TEXT));
    expect(planHash(read(change(from, to)))).toBe(planHash(read(TEXT)));
  });

  it.each([
    ['identity: [email]', 'identity: [id]'],
    ['password_hash: ask', 'password_hash: target'],
    ['last_login_at: add', 'last_login_at: leave'],
    ['level: 7', 'level: 8'],
    ['          - user_id -> users.id\n', ''],
    ['deleted: ask', 'deleted: stays'],
    ['dynamic_tasks', 'tasks'],
    ['    id: merge', '    id-map: table\n    id: merge'],
    ['      tasks: { from: { data/tasks.db: dynamic_tasks }, identity: [id], agreeing: true }\n', ''],
    [', agreeing: true', ''],
  ])('%s', (from, to) => {
    expect(intent(change(from, to))).not.toBe(intent(TEXT));
    expect(planHash(read(change(from, to)))).not.toBe(planHash(read(TEXT)));
  });
});
