import { describe, expect, it } from 'vitest';
import type { Declaration } from '../../src/audit/code-model.ts';
import { ddlClash } from '../../src/audit/detectors/ddl-clash.ts';
import type { Facts } from '../../src/audit/model.ts';
import type { DdlColumn } from '../../src/code/facts.ts';
import { binding } from '../builders/bindings.ts';
import { codeOf } from '../builders/code.ts';
import { compared, facts, NO_CODE, related, store, table } from '../builders/facts.ts';

const columns = (...specs: readonly string[]): readonly DdlColumn[] =>
  specs.map((spec) => {
    const [name = '', type = 'TEXT', required] = spec.split(':');
    return { name, type, ...(required === undefined ? {} : { notNull: true as const }) };
  });
const declared = (path: string, stores: readonly string[], ...specs: readonly string[]): Declaration => ({
  table: 'users',
  path,
  line: 7,
  columns: columns(...specs),
  by: 'CREATE TABLE',
  stores,
});
const found = (declarations: readonly Declaration[], more: Partial<Facts> = {}) =>
  ddlClash.detect(facts([], [], { code: { ...NO_CODE, declarations }, ...more }));

const ONE = declared('api/db.py', ['hub.db'], 'id:INTEGER', 'name', 'email:TEXT:required');
const TWO = declared('jobs/db.py', ['hub.db'], 'id:INTEGER', 'name', 'role');

describe('ddl-clash', () => {
  it('C11: statements that reach one store and differ in columns', () => {
    const [one, ...more] = found([ONE, TWO]);
    expect(more).toEqual([]);
    expect(one).toMatchObject({
      severity: 'high',
      confidence: 'likely',
      stores: ['hub.db'],
      message: '2 declarations of users disagree about role and email and reach hub.db.',
    });
    expect(one?.evidence).toContain('jobs/db.py:7 lacks email, which is required at api/db.py:7');
  });

  it('C11: proven where both connections certainly open the store', () => {
    const uses = (path: string) =>
      binding(path, 2, 'hub.db', { tables: [{ table: 'users', access: 'ddl', path, line: 7 }] });
    const code = { ...NO_CODE, declarations: [ONE, TWO], bindings: [uses('api/db.py'), uses('jobs/db.py')] };
    expect(found([], { code })).toMatchObject([{ confidence: 'proven' }]);
    const unsure = { ...code, bindings: [uses('api/db.py'), { ...uses('jobs/db.py'), confidence: 'likely' as const }] };
    expect(found([], { code: unsure })).toMatchObject([{ confidence: 'likely' }]);
  });

  it('C11: types alone are low', () => {
    const other = declared('jobs/db.py', ['hub.db'], 'id:INTEGER', 'name:INTEGER', 'email:TEXT:required');
    expect(found([ONE, other])).toMatchObject([{ severity: 'low' }]);
  });

  it('C11: services whose stores hold different things, tests, examples and migrations are none', () => {
    expect(found([ONE, { ...TWO, stores: ['games.db'] }])).toEqual([]);
    for (const path of ['tests/test_db.py', 'examples/db.py', 'migrations/001_users.sql'])
      expect(found([ONE, { ...TWO, path }])).toEqual([]);
    expect(found([ONE, { ...ONE, path: 'jobs/db.py' }])).toEqual([]);
  });

  it('C11: twins will share a file after a merge', () => {
    const [a, b] = [store('hub.db', [table('users', 4)]), store('auth.db', [table('users', 5)])];
    const relation = related(a, b, compared(a, b, 'users', { same: 4 }));
    const declarations = [ONE, { ...TWO, stores: ['auth.db'] }];
    const [one] = ddlClash.detect(facts([a, b], [relation], { code: { ...NO_CODE, declarations } }));
    expect(one?.message).toContain('auth.db and hub.db hold the same data');
  });

  it('C11: what ALTERs in code add is no clash', async () => {
    const code = await codeOf({
      'db/upgrade.py':
        'conn.execute("ALTER TABLE users ADD COLUMN role TEXT")\nconn.execute("ALTER TABLE users ADD COLUMN email TEXT")\n',
    });
    expect(found([], { code: { ...code, declarations: [ONE, TWO] } })).toEqual([]);
  });

  it('C11: a declaration that names columns which the store lacks', () => {
    const hub = store('hub.db', [table('users', 4, ['id', 'name'])]);
    const [one] = ddlClash.detect(facts([hub], [], { code: { ...NO_CODE, declarations: [ONE] } }));
    expect(one).toMatchObject({
      severity: 'high',
      message: 'api/db.py declares users otherwise than hub.db has it (email).',
    });
    const whole = store('hub.db', [table('users', 4, ['id', 'name', 'email', 'more'])]);
    expect(ddlClash.detect(facts([whole], [], { code: { ...NO_CODE, declarations: [ONE] } }))).toEqual([]);
  });

  it('C11: tables of the same files are one finding where no store is known, and apart where one is', () => {
    const all = (table: string, ...paths: readonly string[]) =>
      paths.map((path, n) => ({ ...(n % 2 === 0 ? ONE : TWO), path, table, stores: [] as readonly string[] }));
    const both = [...all('users', 'api/db.py', 'jobs/db.py'), ...all('orders', 'jobs/db.py', 'web/db.py')];
    const [one, ...more] = found([...both, ...all('games', 'play/a.py', 'play/b.py')]);
    expect(one).toMatchObject({
      severity: 'low',
      confidence: 'possible',
      message: '2 tables are declared differently in api/db.py, jobs/db.py and web/db.py: users and orders.',
      at: [{ path: 'api/db.py' }, { path: 'jobs/db.py' }, { path: 'jobs/db.py' }, { path: 'web/db.py' }],
    });
    expect(one?.evidence).toEqual([
      'users: api/db.py:7 and jobs/db.py:7 disagree about role and email',
      'orders: jobs/db.py:7 and web/db.py:7 disagree about role and email',
      'which store they reach could not be told',
    ]);
    expect(more.map(({ message }) => message)).toEqual(['2 declarations of games disagree about role and email.']);
    expect(found(both.map((each) => ({ ...each, stores: ['hub.db'] })))).toHaveLength(2);
  });
});
