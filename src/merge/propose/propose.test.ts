import { afterAll, describe, expect, it } from 'vitest';
import { databaseFiles } from '../../../test/builders/values.ts';
import { mergeFacts, type Told } from '../../../test/plan/merge-facts.ts';
import type { MergeProposal } from './model.ts';
import { propose } from './propose.ts';

const files = databaseFiles();
afterAll(files.cleanUp);

const proposalOf = async (told: Told): Promise<MergeProposal> => {
  const found = propose(await mergeFacts(files, told));
  if (found === null) throw new Error('nothing was proposed');
  return found;
};
const said = (proposal: MergeProposal, table: string) => proposal.tables.find((one) => one.table === table);
const spec = (proposal: MergeProposal, table: string) => proposal.spec.tables.find((one) => one.table === table);
const topics = ({ questions }: MergeProposal): readonly string[] => questions.map(({ topic }) => topic);

const PEOPLE = `CREATE TABLE users (id INTEGER PRIMARY KEY, email TEXT NOT NULL UNIQUE, name TEXT, updated_at TEXT);`;
const people = (...rows: readonly (readonly [number, string, string, string?])[]): string =>
  `${PEOPLE} INSERT INTO users VALUES ${rows
    .map(([id, email, name, at = '2026-01-02T00:00:00Z']) => `(${id}, '${email}', '${name}', '${at}')`)
    .join(', ')};`;

describe('references that a source declares and the target does not', () => {
  const tasks = (rows: string): string =>
    `CREATE TABLE tasks (id INTEGER PRIMARY KEY, title TEXT UNIQUE); INSERT INTO tasks VALUES ${rows};`;
  it('are followed, also of a column that the target gets', async () => {
    const found = await proposalOf({
      stores: {
        'hub.db': `${tasks("(1, 'water'), (2, 'call')")} CREATE TABLE notes (id INTEGER PRIMARY KEY, task INTEGER, text TEXT); INSERT INTO notes VALUES (1, 1, 'done'), (2, 2, 'busy');`,
        'old.db': `${tasks("(1, 'paint'), (2, 'water')")} CREATE TABLE notes (id INTEGER PRIMARY KEY, task INTEGER REFERENCES tasks (id), text TEXT, cause INTEGER REFERENCES tasks);
          INSERT INTO notes VALUES (1, 1, 'white', 2), (2, 2, 'rain', 1);`,
      },
    });
    expect(spec(found, 'notes')?.references).toEqual([
      { kind: 'declared', columns: ['cause'], to: 'tasks', toColumns: ['id'] },
      { kind: 'declared', columns: ['task'], to: 'tasks', toColumns: ['id'] },
    ]);
    expect(said(found, 'notes')?.references).toEqual([]);
  });
});

it('R3: what a row is to another one may stand in front of the name', async () => {
  const users = (...names: readonly string[]): string =>
    `CREATE TABLE users (id INTEGER PRIMARY KEY, email TEXT UNIQUE); INSERT INTO users VALUES ${names.map((name, i) => `(${i + 1}, '${name}@x.org')`).join(', ')};
     CREATE TABLE claims (id INTEGER PRIMARY KEY, text TEXT, submitted_by_user_id INTEGER, reviewerUserId INTEGER, foreign_user_id INTEGER);`;
  const found = await proposalOf({
    stores: {
      'hub.db': `${users('ada', 'ben')} INSERT INTO claims VALUES (1, 'roof', 1, 2, 900);`,
      'old.db': `${users('cleo', 'ada')} INSERT INTO claims VALUES (1, 'door', 1, 2, 901), (2, 'wall', 2, 1, 902);`,
    },
  });
  expect(said(found, 'claims')?.references).toEqual(['reviewerUserId -> users.id', 'submitted_by_user_id -> users.id']);
});

describe('identity', () => {
  it('R1: ids that are different people are no identity, and may change', async () => {
    const found = await proposalOf({
      stores: {
        'hub.db': people([1, 'ada@x.org', 'Ada'], [2, 'ben@x.org', 'Ben']),
        'auth.db': people([1, 'eve@x.org', 'Eve'], [2, 'ben@x.org', 'Ben']),
      },
    });
    expect(spec(found, 'users')).toMatchObject({ identity: { kind: 'key', columns: ['email'] }, surrogate: 'id' });
  });

  it('an id where the rows that share it agree', async () => {
    const tasks = (rows: string): string =>
      `CREATE TABLE tasks (id INTEGER PRIMARY KEY, title TEXT, status TEXT); INSERT INTO tasks VALUES ${rows};`;
    const found = await proposalOf({
      stores: {
        'hub.db': tasks(
          "(1, 'water the plants', 'open'), (2, 'call the plumber', 'open'), (3, 'order filters', 'open')",
        ),
        'old.db': tasks(
          "(1, 'water the plants', 'done'), (2, 'call the plumber', 'open'), (4, 'clean the roof', 'open')",
        ),
      },
    });
    expect(spec(found, 'tasks')).toMatchObject({ identity: { kind: 'key', columns: ['id'] }, surrogate: null });
  });

  it('R1: an id of which some rows agree and others are other things says it of those that agree', async () => {
    const orders = (...rows: readonly string[]): string =>
      `CREATE TABLE orders (id INTEGER PRIMARY KEY, what TEXT, created_at TEXT);
       INSERT INTO orders VALUES (1, 'water', '2026-01-01T08:00:00Z'), (2, 'call', '2026-01-01T09:30:00Z'), (3, 'water', '2026-01-02T08:00:00Z'), ${rows.join(', ')};`;
    const found = await proposalOf({
      stores: {
        'hub.db': orders("(4, 'call', '2026-01-04T11:00:00Z')", "(5, 'paint', '2026-01-05T10:00:00Z')"),
        'old.db': orders("(4, 'clean', '2026-01-06T12:00:00Z')", "(5, 'water', '2026-01-07T07:00:00Z')"),
      },
    });
    expect(said(found, 'orders')).toMatchObject({ identity: ['id'], agreeing: true, differ: {} });
    expect(spec(found, 'orders')).toMatchObject({
      identity: { kind: 'key', columns: ['id'], agreeing: { began: ['created_at'] } },
      surrogate: 'id',
    });
  });

  it('R2: one person under several ids and hashes: the hashes are asked, the later row is proposed', async () => {
    const hash = (n: number): string =>
      `$2b$12$${'abcdefghijklmnopqrstuv'.slice(0, 21)}${n}${'ABCDEFGHIJKLMNOPQRSTUVWXYZabcde'}`;
    const users = (id: number, n: number): string =>
      `CREATE TABLE users (id INTEGER PRIMARY KEY, email TEXT NOT NULL UNIQUE, password_hash TEXT, updated_at TEXT);
       INSERT INTO users VALUES (${id}, 'dmitri@x.org', '${hash(n)}', '2026-01-0${n}T00:00:00Z'), (${id + 10}, 'ada@x.org', '${hash(n)}', '2026-01-0${n}T00:00:00Z');`;
    const found = await proposalOf({ stores: { 'hub.db': users(1, 1), 'auth.db': users(4, 2) } });
    expect(said(found, 'users')).toMatchObject({
      identity: ['email'],
      differ: { password_hash: 'ask', updated_at: 'newest' },
      newest: 'updated_at',
    });
    expect(found.questions.find(({ topic }) => topic === 'users-credentials')).toMatchObject({
      proposal: 'newest',
      holds: 'merge',
    });
    expect(JSON.stringify(found.questions)).not.toContain('$2b$');
    // The answer that is proposed is in the specification, which the engine is tried out with.
    expect(spec(found, 'users')?.differ).toMatchObject({ password_hash: 'newest' });
  });

  it('R18: a name that tells rows apart in two stores and not in the third is none', async () => {
    const cups = (...names: readonly string[]): string =>
      `CREATE TABLE cups (id INTEGER PRIMARY KEY, name TEXT, place TEXT);
       INSERT INTO cups VALUES ${names.map((name, i) => `(${i + 1}, '${name}', '${name === 'open' ? `hall ${i}` : 'yard'}')`).join(', ')};`;
    const identity = async (third: string) =>
      said(
        await proposalOf({
          stores: { 'hub.db': cups('spring', 'winter'), 'b.db': cups('winter', 'spring', 'june'), 'c.db': third },
        }),
        'cups',
      )?.identity;
    expect(await identity(cups('open', 'winter', 'may'))).toEqual(['name']);
    expect(await identity(cups('open', 'winter', 'open'))).not.toEqual(['name']);
  });

  it('whole rows where nothing tells them apart', async () => {
    const log = (rows: string): string => `CREATE TABLE log (at TEXT, what TEXT); INSERT INTO log VALUES ${rows};`;
    const found = await proposalOf({
      stores: {
        'hub.db': log("('2026-01-01', 'on'), ('2026-01-01', 'on'), ('2026-01-02', 'off')"),
        'b.db': log("('2026-01-01', 'on'), ('2026-01-03', 'off')"),
      },
    });
    expect(said(found, 'log')?.identity).toBe('row');
  });
});

describe('references', () => {
  const USERS = people([1, 'ada@x.org', 'Ada'], [2, 'ben@x.org', 'Ben']);
  const OTHERS = people([1, 'eve@x.org', 'Eve'], [2, 'ben@x.org', 'Ben']);

  it('R3: text ids, pairs of type and id, arrays of ids, those of constraints without being said', async () => {
    const notes = `CREATE TABLE notes (id INTEGER PRIMARY KEY, user_id TEXT, entity_type TEXT, entity_id INTEGER, user_ids TEXT, text TEXT, by INT REFERENCES users);
      INSERT INTO notes VALUES (1, '1', 'user', 2, '[1,2]', 'likes the garden', 1), (2, '2', 'User', 1, '[2]', 'asks for more light', 2);`;
    const found = await proposalOf({ stores: { 'hub.db': `${USERS} ${notes}`, 'auth.db': `${OTHERS} ${notes}` } });
    expect(said(found, 'notes')?.references).toEqual([
      'entity_id -> users.id where entity_type is User, user',
      'user_id -> users.id',
      'user_ids[] -> users.id',
    ]);
    expect(spec(found, 'notes')?.references.map(({ kind, columns }) => `${kind} ${columns}`)).toEqual([
      'declared by',
      'typed entity_id',
      'inferred user_id',
      'json user_ids',
    ]);
  });

  it('R19: ids of rows that the store does not have: whose they are is asked, and not proposed where two gave them away', async () => {
    const facts = `CREATE TABLE facts (id INTEGER PRIMARY KEY, user_id TEXT, fact TEXT); INSERT INTO facts VALUES (1, '1', 'tea'), (2, '2', 'coffee');`;
    const found = await proposalOf({ stores: { 'hub.db': USERS, 'auth.db': OTHERS, 'memory.db': facts } });
    const [asked] = found.questions.filter(({ topic }) => topic === 'facts-user_id-ids-memory.db');
    expect(asked).toMatchObject({
      proposal: null,
      evidence: ['auth.db has 2 of 2 values', 'hub.db has 2 of 2 values'],
    });
    expect(Object.keys(asked?.choices ?? {})).toEqual(['auth.db', 'hub.db', 'as-they-are']);
    expect(spec(found, 'facts')?.parts[0]?.idsOf).toEqual({ user_id: 0 });
  });

  it('R3: ids of two tables that a type tells apart are counted together, never more than there are', async () => {
    const devices = (from: number): string =>
      `CREATE TABLE devices (id INTEGER PRIMARY KEY, serial TEXT UNIQUE); INSERT INTO devices VALUES ${[1, 2, 3, 4, 5, 6].map((id) => `(${id}, 's${id + from}')`)};`;
    const facts = `CREATE TABLE facts (id INTEGER PRIMARY KEY, entity_type TEXT, entity_id INTEGER, fact TEXT);
      INSERT INTO facts VALUES (1, 'user', 1, 'tea'), (2, 'user', 2, 'coffee'), ${[3, 4, 5, 6].map((id) => `(${id}, 'device', ${id}, 'hums')`)};`;
    const found = await proposalOf({
      stores: { 'hub.db': `${USERS} ${devices(0)}`, 'auth.db': OTHERS, 'copy.db': devices(2), 'memory.db': facts },
    });
    const [asked] = found.questions.filter(({ topic }) => topic === 'facts-entity_id-ids-memory.db');
    expect(asked?.evidence).toEqual([
      'auth.db has 2 of 6 values',
      'copy.db has 4 of 6 values',
      'hub.db has 6 of 6 values',
    ]);
  });

  it('what refers to rows that stay apart stays apart too', async () => {
    const found = await proposalOf({
      stores: {
        'hub.db': `${USERS} CREATE TABLE items (sku TEXT PRIMARY KEY, price REAL, stock INT); INSERT INTO items VALUES ('a', 1, 2), ('b', 2, 3);`,
        'b.db': `${OTHERS} CREATE TABLE items (id INTEGER PRIMARY KEY, feed TEXT, url TEXT, seen TEXT); INSERT INTO items VALUES (1, 'f', 'u', 's');
          CREATE TABLE marks (item_id INT REFERENCES items, mark TEXT); INSERT INTO marks VALUES (1, 'x');`,
      },
    });
    expect(found.apart.map(({ table, why, keeps }) => [table, why, keeps])).toEqual([
      ['items', 'holds other things than items of hub.db', true],
      ['marks', 'refers to items, which stays apart', true],
    ]);
  });
});

it('which source wins where several have the row is said: the first where the target lacks it, else the last, by path', async () => {
  const cups = (place: string): string =>
    `CREATE TABLE cups (name TEXT PRIMARY KEY, place TEXT); INSERT INTO cups VALUES ('spring', '${place}');`;
  const asked = async (stores: Readonly<Record<string, string>>) =>
    (await proposalOf({ stores })).questions.find(({ topic }) => topic === 'cups-differ')?.choices;
  const stores = { 'hub.db': cups('hall'), 'b.db': cups('yard') };
  expect(await asked(stores)).toMatchObject({
    target: 'that of hub.db; the other one is in the ledger',
    source: 'that of b.db; the other one is in the ledger',
  });
  // Also one that agrees with the target comes after the one that does not.
  expect(await asked({ ...stores, 'c.db': cups('hall') })).toMatchObject({
    target: 'that of hub.db; where it lacks the row, that of the first source by path; what loses is in the ledger',
    source: 'that of b.db and c.db; where several have the row, that of the last by path; what loses is in the ledger',
  });
});

describe('tables', () => {
  it('R4: a twin of another name: one list or two, with the lines that name it', async () => {
    const tasks = (name: string, status: string): string =>
      `CREATE TABLE ${name} (id INTEGER PRIMARY KEY, title TEXT, status TEXT, created_at TEXT);
       INSERT INTO ${name} VALUES ${[1, 2, 3, 4, 5, 6, 7, 8, 9].map((n) => `(${n}, 'task number ${n} of the house', '${n > 6 ? status : 'open'}', '2026-01-0${n}T10:00:00Z')`)};`;
    const stores = { 'hub.db': tasks('tasks', 'done'), 'tasks.db': tasks('dynamic_tasks', 'open') };
    const found = await proposalOf({ stores });
    expect(said(found, 'tasks')).toMatchObject({ from: { 'tasks.db': 'dynamic_tasks' }, differ: { status: 'ask' } });
    expect(found.questions.find(({ topic }) => topic === 'tasks-dynamic_tasks-twin')).toMatchObject({
      proposal: 'into',
    });
    // Beside each other nothing of them differs.
    expect(found.questions.find(({ topic }) => topic === 'tasks-differ')?.onlyWith).toEqual([
      { topic: 'tasks-dynamic_tasks-twin', choice: 'into' },
    ]);
    const three = await proposalOf({ stores: { ...stores, 'old.db': tasks('tasks', 'late') } });
    expect(three.questions.find(({ topic }) => topic === 'tasks-differ')).not.toHaveProperty('onlyWith');
    const named = await proposalOf({
      stores,
      bindings: [
        {
          store: 'tasks.db',
          path: 'api.py',
          tables: [{ table: 'dynamic_tasks', access: 'read', path: 'api.py', line: 7 }],
        },
      ],
    });
    expect(named.questions.find(({ topic }) => topic === 'tasks-dynamic_tasks-twin')).toMatchObject({
      proposal: 'beside',
      evidence: ['api.py:7'],
    });
    expect(named.spec.tables.map(({ table, madeFrom, parts }) => [table, madeFrom, parts.length])).toEqual([
      ['dynamic_tasks', 0, 1],
    ]);
  });

  it('R5: the same name, other things', async () => {
    const found = await proposalOf({
      stores: {
        'hub.db': `CREATE TABLE events (id INTEGER PRIMARY KEY, device_id INT, kind TEXT, value REAL); INSERT INTO events VALUES (1, 1, 'on', 1), (2, 2, 'off', 0);
          CREATE TABLE a (email TEXT PRIMARY KEY); INSERT INTO a VALUES ('ada@x.org');`,
        'cal.db': `CREATE TABLE events (id INTEGER PRIMARY KEY, title TEXT, starts_at TEXT, ends_at TEXT, place TEXT); INSERT INTO events VALUES (1, 'dentist', '2026-01-01', NULL, '');
          CREATE TABLE a (email TEXT PRIMARY KEY); INSERT INTO a VALUES ('ben@x.org');`,
      },
    });
    expect(found.tables.map(({ table }) => table)).toEqual(['a']);
    expect(found.apart).toEqual([
      { store: 'cal.db', table: 'events', why: 'holds other things than events of hub.db', keeps: true },
    ]);
  });

  it('S12, S14: stores of other programs and those that could not be read', async () => {
    const found = await proposalOf({
      stores: {
        'hub.db': people([1, 'a@x.org', 'A']),
        'b.db': people([2, 'b@x.org', 'B']),
        'ha.db': people([3, 'c@x.org', 'C']),
        'bad.db': '',
        'own.db': people([4, 'd@x.org', 'D']),
      },
      about: {
        'ha.db': { foreign: { program: 'Home Assistant', evidence: '' } },
        'bad.db': { status: 'not-verified', reason: { code: 'encrypted', message: 'it is encrypted' } },
      },
      foreign: ['own.db'],
    });
    expect(found.sources).toEqual(['b.db']);
    expect(found.apart.map(({ store, why }) => [store, why])).toEqual([
      ['bad.db', 'not verified (it is encrypted)'],
      ['ha.db', 'belongs to Home Assistant'],
      ['own.db', 'is declared foreign in desprawl.yaml'],
    ]);
  });

  it('S17: a migration ledger follows the target', async () => {
    const ledger = (version: string): string =>
      `CREATE TABLE alembic_version (version_num TEXT PRIMARY KEY); INSERT INTO alembic_version VALUES ('${version}');`;
    const of = (path: string) => ({
      migrations: [{ system: 'alembic', table: 'alembic_version', entries: 1, latest: path, digest: path }],
    });
    const found = await proposalOf({
      stores: {
        'hub.db': `${people([1, 'a@x.org', 'A'])} ${ledger('b')}`,
        'auth.db': `${people([2, 'b@x.org', 'B'])} ${ledger('a')}`,
      },
      about: { 'hub.db': of('b'), 'auth.db': of('a') },
    });
    expect(found.spec.tables.map(({ table }) => table)).toEqual(['users']);
    expect(found.apart).toEqual([
      {
        store: 'auth.db',
        table: 'alembic_version',
        why: 'a migration ledger: the target goes by its own',
        keeps: false,
      },
    ]);
  });

  it('S17: a migration ledger that the target lacks comes along, of the store that goes further', async () => {
    const ledger = (version: string): string =>
      `CREATE TABLE alembic_version (version_num TEXT PRIMARY KEY); INSERT INTO alembic_version VALUES ('${version}');`;
    const of = (path: string) => ({
      migrations: [{ system: 'alembic', table: 'alembic_version', entries: 1, latest: path, digest: path }],
    });
    const found = await proposalOf({
      stores: {
        'hub.db': people([1, 'a@x.org', 'A']),
        'auth.db': `${people([2, 'b@x.org', 'B'])} ${ledger('a')}`,
        'later.db': `${people([3, 'c@x.org', 'C'])} ALTER TABLE users ADD seen_at TEXT; ${ledger('b')}`,
      },
      about: { 'auth.db': of('a'), 'later.db': of('b') },
    });
    const [versions] = found.spec.tables;
    expect([versions?.table, versions?.parts.map(({ source }) => found.spec.sources[source]?.path)]).toEqual([
      'alembic_version',
      ['later.db'],
    ]);
    expect(found.apart.map(({ store, why, keeps }) => [store, why, keeps])).toEqual([
      ['auth.db', 'a migration ledger: that of later.db goes further', false],
    ]);
  });

  it('S7: what only the "copy" has comes in, its own tables too', async () => {
    const rows = people([1, 'a@x.org', 'A'], [2, 'b@x.org', 'B']);
    const found = await proposalOf({
      stores: {
        'hub.db': rows,
        'hub-copy.db': `${rows} INSERT INTO users VALUES (3, 'c@x.org', 'C', NULL); CREATE TABLE extra (k TEXT PRIMARY KEY); INSERT INTO extra VALUES ('x');`,
      },
    });
    expect(found.spec.tables.map(({ table, madeFrom }) => [table, madeFrom])).toEqual([
      ['extra', 0],
      ['users', null],
    ]);
    expect(topics(found)).toEqual(['only-in-sources']);
  });
});

describe('columns', () => {
  it('R6: by name, in any order; what only a source has is added', async () => {
    const found = await proposalOf({
      stores: {
        'hub.db': `CREATE TABLE users (id INTEGER PRIMARY KEY, email TEXT UNIQUE, name TEXT, colour TEXT); INSERT INTO users VALUES (1, 'a@x.org', 'Ada', 'red');`,
        'auth.db': `CREATE TABLE users (name TEXT, last_login TEXT, email TEXT UNIQUE, id INTEGER PRIMARY KEY); INSERT INTO users VALUES ('Ben', '2026-01-01T00:00:00Z', 'b@x.org', 1);`,
      },
    });
    expect(said(found, 'users')?.columns).toEqual({ last_login: 'add' });
    expect(spec(found, 'users')?.columns.filter(({ added }) => added)).toEqual([
      { name: 'last_login', type: 'TEXT', added: true, normaliser: 'exact' },
    ]);
    expect(spec(found, 'users')?.parts[0]?.columns).toMatchObject({
      name: { from: 'name' },
      email: { from: 'email' },
      last_login: { from: 'last_login' },
    });
  });

  it('R7: a required column that the source lacks is asked', async () => {
    const found = await proposalOf({
      stores: {
        'hub.db': `CREATE TABLE users (id INTEGER PRIMARY KEY, email TEXT UNIQUE, role TEXT NOT NULL); INSERT INTO users VALUES (1, 'a@x.org', 'admin');`,
        'auth.db': `CREATE TABLE users (id INTEGER PRIMARY KEY, email TEXT UNIQUE); INSERT INTO users VALUES (1, 'b@x.org');`,
      },
    });
    expect(said(found, 'users')?.fill).toEqual({ role: null });
    expect(found.questions.find(({ topic }) => topic === 'users-required')).toMatchObject({
      proposal: null,
      holds: 'merge',
    });
    expect(spec(found, 'users')?.parts[0]?.columns.role).toEqual({ fill: '' });
  });

  it('R8: compared in one form, written as the target writes', async () => {
    const found = await proposalOf({
      stores: {
        'hub.db': `CREATE TABLE t (uuid TEXT PRIMARY KEY, at TEXT, email TEXT); INSERT INTO t VALUES ('00112233-4455-6677-8899-aabbccddeeff', '2026-01-01T10:00:00Z', 'a@x.org'), ('10112233-4455-6677-8899-aabbccddeeff', '2026-01-02T10:00:00Z', 'b@x.org');`,
        'b.db': `CREATE TABLE t (uuid TEXT PRIMARY KEY, at TEXT, email TEXT); INSERT INTO t VALUES ('00112233445566778899aabbccddeeff', '2026-01-01 10:00:00', 'A@x.org'), ('20112233445566778899aabbccddeeff', '2026-01-03 10:00:00', 'c@x.org');`,
      },
    });
    expect(spec(found, 't')?.columns.map(({ name, normaliser }) => [name, normaliser])).toEqual([
      ['uuid', 'uuid'],
      ['at', 'timestamp'],
      ['email', 'email'],
    ]);
    expect(spec(found, 't')?.parts[0]?.columns).toEqual({
      uuid: { from: 'uuid', form: 'uuid-dashed' },
      at: { from: 'at', form: 'timestamp-t' },
      email: { from: 'email' },
    });
  });
});

describe('new or deleted', () => {
  const ANCESTOR = people(
    [1, 'ada@x.org', 'Ada'],
    [2, 'ben@x.org', 'Ben'],
    [3, 'farid@x.org', 'Farid'],
    [4, 'greta@x.org', 'Greta'],
  );

  it('R17: who was erased stays erased, and it is asked', async () => {
    const found = await proposalOf({
      stores: {
        'hub.db': people(
          [1, 'ada@x.org', 'Ada L'],
          [2, 'ben@x.org', 'Ben'],
          [4, 'greta@x.org', 'Greta'],
          [5, 'esme@x.org', 'Esme'],
        ),
        'auth.db': people(
          [1, 'ada@x.org', 'Ada'],
          [2, 'ben@x.org', 'Benjamin'],
          [3, 'farid@x.org', 'Farid'],
          [4, 'greta@x.org', 'Greta'],
          [6, 'ivo@x.org', 'Ivo'],
        ),
        'backups/hub-1.db': ANCESTOR,
      },
      ancestors: { 'auth.db': 'backups/hub-1.db' },
    });
    expect(found.ancestors).toEqual([{ from: 'backups/hub-1.db', path: 'backups/hub-1.db', commit: null }]);
    expect(said(found, 'users')?.deleted).toBe('ask');
    expect(found.questions.find(({ topic }) => topic === 'users-deleted')).toMatchObject({
      proposal: 'stays',
      question:
        '1 row of users was deleted in hub.db since backups/hub-1.db, and auth.db still has it. Shall it come back?',
    });
    expect(spec(found, 'users')).toMatchObject({
      deleted: 'stays',
      parts: [{ ancestor: { table: 'users', columns: { email: 'email' } } }],
    });
  });

  it('S8: tables that never shared a row: all are new', async () => {
    const found = await proposalOf({
      stores: {
        'hub.db': people([1, 'ada@x.org', 'Ada'], [2, 'ben@x.org', 'Ben']),
        'hub.db.old': people([1, 'zoe@x.org', 'Zoe'], [2, 'yan@x.org', 'Yan']),
      },
    });
    expect(said(found, 'users')).toMatchObject({ identity: ['email'], deleted: 'returns' });
    expect(topics(found)).toEqual([]);
  });
});

describe('C11: code that declares a table otherwise', () => {
  const stores = {
    'hub.db': `CREATE TABLE users (id INTEGER PRIMARY KEY, email TEXT UNIQUE, role TEXT NOT NULL); INSERT INTO users VALUES (1, 'a@x.org', 'admin');`,
    'auth.db': `CREATE TABLE users (id INTEGER PRIMARY KEY, email TEXT UNIQUE, role TEXT NOT NULL); INSERT INTO users VALUES (1, 'b@x.org', 'user');`,
  };
  const column = (name: string, more = {}) => ({ name, type: 'TEXT', ...more });

  it('a column that the target lacks: it can be added', async () => {
    const declarations = [
      {
        table: 'users',
        path: 'auth/schema.py',
        line: 3,
        columns: [column('id'), column('email'), column('role'), column('bio')],
        stores: ['auth.db'],
      },
    ];
    const found = await proposalOf({ stores, declarations });
    const asked = found.questions.find(({ topic }) => topic === 'users-code');
    expect(asked).toMatchObject({ proposal: 'alter', evidence: ['auth/schema.py:3'] });
    expect(spec(found, 'users')?.columns.at(-1)).toEqual({
      name: 'bio',
      type: 'TEXT',
      added: true,
      normaliser: 'exact',
    });
  });

  it('a column that the target requires and the code does not give: nothing is proposed', async () => {
    const declarations = [
      {
        table: 'users',
        path: 'auth/schema.py',
        line: 3,
        columns: [column('id'), column('email')],
        stores: ['auth.db'],
      },
    ];
    const found = await proposalOf({ stores, declarations });
    const asked = found.questions.find(({ topic }) => topic === 'users-code');
    expect(asked).toMatchObject({ proposal: null });
    expect(Object.keys(asked?.choices ?? {})).toEqual(['edit', 'apart']);
    // What works on the target has its table.
    const own = declarations.map((one) => ({ ...one, stores: ['auth.db', 'hub.db'] }));
    expect(topics(await proposalOf({ stores, declarations: own }))).toEqual([]);
  });
});
