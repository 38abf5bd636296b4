import { afterAll, describe, expect, it } from 'vitest';
import { databaseFiles } from '../../../test/builders/values.ts';
import { mergeFacts } from '../../../test/plan/merge-facts.ts';
import { propose, specWith } from './propose.ts';

const files = databaseFiles();
afterAll(files.cleanUp);

const users = (...names: readonly string[]): string => people('users', names);
const people = (table: string, names: readonly string[]): string =>
  `CREATE TABLE ${table} (id INTEGER PRIMARY KEY, email TEXT UNIQUE); INSERT INTO ${table} VALUES ${names.map((name, i) => `(${i + 1}, '${name}@x.org')`).join(', ')};`;
type Cell = number | string | null;
const rows = (table: string, column: string, values: readonly Cell[], store: string): string =>
  `CREATE TABLE ${table} (id INTEGER PRIMARY KEY, text TEXT UNIQUE, ${column});
   INSERT INTO ${table} VALUES ${values.map((value, i) => `(${i + 1}, '${store} ${i}', ${typeof value === 'string' ? `'${value}'` : value})`).join(', ')};`;

const HUB = users('ada', 'ben', 'cleo', 'dan');
const OLD = users('fay', 'ada', 'gus', 'ben');

async function proposalOf(stores: Readonly<Record<string, string>>) {
  const input = await mergeFacts(files, { stores });
  const found = propose(input);
  if (found === null) throw new Error('nothing was proposed');
  const followed = (table: string, answers: Readonly<Record<string, string>>) =>
    specWith(found, new Map(Object.entries(answers)), input)
      .tables.find((one) => one.table === table)
      ?.references.map(({ columns, to }) => `${columns[0]} -> ${to}`);
  return { found, followed, asked: found.questions.filter(({ topic }) => /-refers$|-ids-/.test(topic)) };
}
/** What is asked of a column of `claims` that the source fills with `theirs`. */
const ofClaims = (column: string, theirs: readonly Cell[], ours: readonly Cell[] = [1, 2, 3]) =>
  proposalOf({
    'hub.db': `${HUB} ${rows('claims', column, ours, 'hub')}`,
    'old.db': `${OLD} ${rows('claims', column, theirs, 'old')}`,
  });

describe('R3: a name that only says a role, and values that are in the key of people', () => {
  it('is asked, with what each store shows; the answer follows or leaves', async () => {
    const { asked, followed } = await ofClaims('created_by', [1, 2, 3, 4, null, 0]);
    expect(asked).toMatchObject([
      {
        topic: 'claims-created_by-refers',
        evidence: [
          'hub.db: 3 of 3 values, 3 different ones, are in users.id',
          'old.db: 4 of 4 values, 4 different ones, are in users.id',
        ],
        proposal: 'users',
        goes: ['users', 'as-they-are'],
        holds: 'merge',
      },
    ]);
    expect(followed('claims', { 'claims-created_by-refers': 'users' })).toEqual(['created_by -> users']);
    expect(followed('claims', { 'claims-created_by-refers': 'as-they-are' })).toEqual([]);
  });

  it.each<[string, string, readonly Cell[], readonly Cell[]]>([
    ['names', 'created_by', ['ada', 'ben', 'fay'], ['ada', 'ben', 'cleo']],
    ['a flag', 'approved_by', [1, 0, 1, 1, 0], [0, 1, 1]],
    ['two states', 'owner', [1, 2, 1, 2, 2], [1, 2, 3]],
    ['numbers of something else', 'assigned_to', [101, 102, 103], [1, 2, 3]],
    ['values that the target shows to be something else', 'assigned_to', [1, 2, 3], [71, 72, 73]],
    ['a name that says no role', 'level', [1, 2, 3], [1, 2, 3]],
    ['nothing in it', 'owner_id', [null, null], [1, 2, 3]],
  ])('is not asked: %s', async (_, column, theirs, ours) => {
    const { asked, followed } = await ofClaims(column, theirs, ours);
    expect(asked).toEqual([]);
    expect(followed('claims', {})).toEqual([]);
  });

  it('two tables that it may mean: asked, and nothing proposed', async () => {
    const both = (store: string, names: readonly string[]): string =>
      `${people('users', names)} ${people(
        'customers',
        names.map((name) => `c-${name}`),
      )} ${rows('claims', 'owner_id', [1, 2, 3], store)}`;
    const { asked, followed } = await proposalOf({
      'hub.db': both('hub', ['ada', 'ben', 'cleo']),
      'old.db': both('old', ['fay', 'ada', 'gus']),
    });
    expect(asked).toMatchObject([{ proposal: null, goes: ['customers', 'users', 'as-they-are'] }]);
    expect(followed('claims', { 'claims-owner_id-refers': 'customers' })).toEqual(['owner_id -> customers']);
  });

  it('R19: people that only another store has: whose they are is asked', async () => {
    const { asked } = await proposalOf({
      'hub.db': `${HUB} ${rows('claims', 'created_by', [1, 2, 3], 'hub')}`,
      'auth.db': OLD.replace("(4, 'ben@x.org')", "(40, 'ben@x.org')"),
      'old.db': rows('claims', 'created_by', [2, 3, 40], 'old'),
    });
    const topic = 'claims-created_by-ids-old.db';
    expect(asked).toMatchObject([{ topic, proposal: 'auth.db', evidence: ['auth.db has 3 of 3 values'] }]);
  });

  it('a name that says the table needs no question', async () => {
    const { asked, followed } = await ofClaims('created_by_user_id', [1, 2, 3]);
    expect(asked).toEqual([]);
    expect(followed('claims', {})).toEqual(['created_by_user_id -> users']);
  });
});

describe('R3: rows of the own table', () => {
  const tree = (column: string, hub: readonly Cell[], old: readonly Cell[]) =>
    proposalOf({ 'hub.db': rows('folders', column, hub, 'hub'), 'old.db': rows('folders', column, old, 'old') });

  it.each(['parent_id', 'reply_to'])('%s is asked', async (column) => {
    const { asked, followed } = await tree(column, [null, 1, 1, 2], [0, 1, 2, 3]);
    expect(asked).toMatchObject([{ topic: `folders-${column}-refers`, proposal: 'folders' }]);
    expect(followed('folders', { [`folders-${column}-refers`]: 'folders' })).toEqual([`${column} -> folders`]);
  });

  it('values that are no rows of it are not', async () => {
    expect((await tree('parent_id', [null, 1, 1, 2], [51, 52, 53, 54])).asked).toEqual([]);
    expect((await tree('reply_to', ['a@x', 'b@x', 'c@x'], ['a@x', 'd@x', 'e@x'])).asked).toEqual([]);
  });

  it('a manager is one of the employees; where there are users too, people say which', async () => {
    const staff = (store: string): string => rows('employees', 'manager_id', [null, 1, 2, 3], store);
    const alone = await proposalOf({ 'hub.db': staff('hub'), 'old.db': staff('old') });
    expect(alone.asked).toMatchObject([{ topic: 'employees-manager_id-refers', proposal: 'employees' }]);
    const beside = await proposalOf({ 'hub.db': `${HUB} ${staff('hub')}`, 'old.db': `${OLD} ${staff('old')}` });
    expect(beside.asked).toMatchObject([{ proposal: null, goes: ['employees', 'users', 'as-they-are'] }]);
  });
});
