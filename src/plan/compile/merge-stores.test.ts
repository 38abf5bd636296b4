import { afterAll, describe, expect, it } from 'vitest';
import { databaseFiles } from '../../../test/builders/values.ts';
import { imagine } from '../../../test/plan/files-measured.ts';
import { type MadeFacts, mergeFacts, type Told } from '../../../test/plan/merge-facts.ts';
import { SLOW_RATES } from '../estimate.ts';
import { compareWithLock, makeLock } from '../lock.ts';
import type { Measured } from '../measured.ts';
import { readPlan } from '../read-plan.ts';
import { compile } from './index.ts';
import type { Compiled } from './model.ts';
import { withMade } from './pending.ts';

const files = databaseFiles();
afterAll(files.cleanUp);

const people = (...rows: readonly string[]): string =>
  `CREATE TABLE users (id INTEGER PRIMARY KEY, email TEXT NOT NULL UNIQUE, name TEXT);
   INSERT INTO users VALUES ${rows.map((name, i) => `(${i + 1}, '${name}@x.org', '${name}')`).join(', ')};`;
const STORES = { 'hub.db': people('ada', 'ben'), 'auth.db': people('eve', 'ben') };

interface Ground extends Told {
  readonly beside?: Readonly<Record<string, string>>;
  /** Stores that are links. */
  readonly links?: Readonly<Record<string, string>>;
}

async function measured(told: Ground): Promise<Measured> {
  const made: MadeFacts = await mergeFacts(files, told);
  const { links = {} } = told;
  const plain = made.facts.stores.filter(({ path }) => links[path] === undefined);
  const contents = Object.fromEntries(plain.map(({ path }) => [path, `bytes of ${told.stores[path]}`]));
  const on = imagine({
    files: { ...contents, ...told.beside },
    links,
    stores: made.facts.stores,
    bindings: told.bindings ?? [],
  });
  const audit = { ...on.audit, ...made.facts, code: { ...on.audit.code, declarations: [] } };
  return {
    ...on,
    audit: audit as Measured['audit'],
    merging: {
      inputOf: async (asked) => ({ ...made, asked, facts: audit as never }),
      tryOut: async () => ({ why: 'not here' }),
    },
  };
}

const MERGE = '  - {merge: hub.db, id: merge-hub, from: [auth.db], tables: {users: {identity: [email]}}}\n';
const plan = (actions: string, rest = ''): ReturnType<typeof readPlan> =>
  readPlan(`version: 1\nplan: kiosk-7c1e\n${rest}actions:\n${actions}`, 'p.yaml');
const run = async (told: Ground, actions: string, rest?: string): Promise<Compiled> =>
  compile(plan(actions, rest), await measured(told));
const is = ({ actions }: Compiled): Readonly<Record<string, string>> =>
  Object.fromEntries([...actions].map(([id, one]) => [id, one.why === null ? one.is : `${one.is}: ${one.why}`]));

describe('merge', () => {
  it('is one put of what is made under the locks; the files beside the target go', async () => {
    const done = await run({ stores: STORES, beside: { 'hub.db-wal': 'log', 'hub.db-shm': '' } }, MERGE);
    const [phase] = done.phases;
    expect(phase?.steps.map((step) => `${step.op} ${'path' in step ? step.path : ''}`)).toEqual([
      'remove hub.db-shm',
      'remove hub.db-wal',
      'put hub.db',
    ]);
    expect(phase?.merges).toMatchObject([
      { action: 'merge-hub', target: 'hub.db', sources: ['auth.db'], loose: ['hub.db'], ancestors: [null] },
    ]);
    expect(phase?.merges[0]?.spec.tables[0]).toMatchObject({ table: 'users', surrogate: 'id' });
    expect(done.actions.get('merge-hub')?.locked?.steps.at(-1)).toMatchObject({ before: 'store', after: 'merged' });
  });

  it('into a store that is not there yet', async () => {
    const stores = { 'auth.db': people('eve') };
    const done = await run({ stores, target: 'new.db', sources: ['auth.db'] }, MERGE.replaceAll('hub.db', 'new.db'));
    expect(is(done)).toEqual({ 'merge-hub': 'ready' });
    expect(done.phases[0]?.steps.at(-1)).toMatchObject({
      op: 'put',
      before: { kind: 'absent' },
      after: { mode: 0o600 },
    });
    expect(done.phases[0]?.merges[0]?.spec.tables[0]?.madeFrom).toBe(0);
  });

  it('what is made is put in, everywhere, or nothing is', async () => {
    const [phase] = (await run({ stores: STORES }, MERGE)).phases;
    if (phase === undefined) throw new Error('no phase');
    const needed = phase.merges.map(({ pending }) => pending);
    const made = withMade(phase, needed, new Map([[String(needed[0]), { sha256: 'ab'.repeat(32), bytes: 7 }]]));
    expect(made.steps.at(-1)).toMatchObject({ after: { sha256: 'ab'.repeat(32), bytes: 7, mode: 0o644 } });
    expect(() => withMade(phase, needed, new Map())).toThrow('nothing was made for');
  });

  it.each<[string, Partial<Ground>, string, string]>([
    [
      'S14',
      { about: { 'auth.db': { status: 'not-verified', reason: { code: 'corrupt', message: 'page 3' } } } },
      MERGE,
      'auth.db is not verified (page 3)',
    ],
    [
      'S12',
      { about: { 'auth.db': { foreign: { program: 'Music', evidence: '' } } } },
      MERGE,
      'auth.db belongs to Music',
    ],
    [
      'S20: a target that is a link',
      { links: { 'hub.db': 'real.db' } },
      MERGE,
      'hub.db is a link: name the store that it leads to',
    ],
    ['a source that is no store', {}, MERGE.replace('[auth.db]', '[auth.db, p.py]'), 'p.py is no store'],
    ['a source that is not there', {}, MERGE.replace('[auth.db]', '[auth.db, x.db]'), 'x.db is not there'],
    ['a column that is not there', {}, MERGE.replace('[email]', '[mail]'), 'users has no column mail'],
    [
      'no table',
      {},
      MERGE.replace('{users: {identity: [email]}}', '{}'),
      'no table of its sources comes in: name them in `tables:`',
    ],
    ['a table of nobody', {}, MERGE.replace('{users', '{user: , users'), 'no source has a table user'],
    [
      'R2: what is asked and not said',
      {},
      MERGE.replace('[email]', '[email], differ: {name: ask}'),
      'which value of users.name wins is not said',
    ],
    [
      'R17: deleted rows of which nobody spoke',
      {},
      MERGE.replace('[email]', '[email], deleted: ask'),
      'what becomes of deleted rows of users is not said',
    ],
  ])('refuses %s', async (_name, more, actions, why) => {
    expect(is(await run({ stores: STORES, beside: { 'p.py': '' }, ...more }, actions))).toEqual({
      'merge-hub': `blocked: ${why}`,
    });
  });

  it('two of one phase in each other’s way', async () => {
    const more = { ...STORES, 'b.db': people('zoe') };
    const chain = MERGE.replaceAll('hub', 'b').replace('[auth.db]', '[hub.db]');
    expect(is(await run({ stores: more }, MERGE + chain))['merge-hub']).toContain(
      'hub.db is merged into b.db by merge-b',
    );
    const twice = MERGE.replace('id: merge-hub', 'id: merge-more').replace('[auth.db]', '[b.db]');
    expect(is(await run({ stores: more }, MERGE + twice))['merge-more']).toContain(
      'merge-hub merges into hub.db already',
    );
  });

  it('answers decide: the question’s choice is in the specification', async () => {
    const asked = (chosen: string): string =>
      `decisions:\n  - {decision: hub-users-differ, question: which, choices: {target: a, source: b}, chosen: ${chosen}}\n`;
    const actions = MERGE.replace('[email]', '[email], differ: {name: ask}').replace(
      'from:',
      'needs: {hub-users-differ: [target, source]}, from:',
    );
    const done = await run({ stores: STORES }, actions, asked('source'));
    expect(done.phases[0]?.merges[0]?.spec.tables[0]?.differ).toEqual({ name: 'source' });
    expect(is(await run({ stores: STORES }, actions, asked('')))['merge-hub']).toBe(
      'undecided: hub-users-differ is not decided',
    );
  });
});

describe('what goes after its merge', () => {
  const GOES = `${MERGE}  - {archive: auth.db, id: archive-auth, after: [merge-hub]}\n`;

  it('relies on the merge and on its tables, not on its bytes', async () => {
    const done = await run({ stores: STORES }, GOES);
    expect(is(done)).toEqual({ 'merge-hub': 'ready', 'archive-auth': 'ready' });
    expect(done.actions.get('archive-auth')?.locked?.relies).toMatchObject([{ on: 'schema', path: 'auth.db' }]);
    expect(done.phases[0]?.merges[0]?.loose).toEqual(['auth.db', 'hub.db']);
  });

  it('stays while a reader remains', async () => {
    const bindings = [{ store: 'auth.db', path: 'api.py', line: 7 }];
    expect(is(await run({ stores: STORES, bindings }, GOES))['archive-auth']).toContain('api.py:7 opens it');
  });

  it('R5: stays while a table of it stays apart', async () => {
    const other = `${STORES['auth.db']} CREATE TABLE notes (k TEXT); INSERT INTO notes VALUES ('x');`;
    const stores = { ...STORES, 'auth.db': other };
    expect(is(await run({ stores }, GOES))['archive-auth']).toBe(
      'blocked: rows of auth.db stay in it (notes: the plan lets it stay)',
    );
  });

  it('the target does not', async () => {
    expect(is(await run({ stores: STORES }, `${MERGE}  - {archive: hub.db, id: z, after: [merge-hub]}\n`)).z).toBe(
      'blocked: hub.db is what other stores are merged into',
    );
  });
});

describe('stale or not', () => {
  const ACTIONS = `${MERGE}  - {archive: auth.db, id: archive-auth, after: [merge-hub]}\n`;
  const compared = async (now: Ground): Promise<ReturnType<typeof compareWithLock>> => {
    const reviewed = plan(ACTIONS);
    const compiled = await compile(reviewed, await measured({ stores: STORES }));
    const lock = makeLock({
      plan: reviewed,
      compiled,
      asIf: compiled.actions,
      before: { code: {} as never, tree: '' },
      project: { root: '/kiosk', git: null },
      rates: SLOW_RATES,
      tool: '1',
      at: '2026-01-01T00:00:00Z',
    });
    return compareWithLock(lock, reviewed, await compile(reviewed, await measured(now)));
  };

  it('rows that came and went, and files beside the store, make nothing stale', async () => {
    const stores = { 'hub.db': people('ada', 'ben', 'cleo', 'dan'), 'auth.db': people('eve', 'ben', 'fay') };
    const found = await compared({ stores, beside: { 'hub.db-wal': 'log', 'auth.db-wal': 'log' } });
    expect(found).toEqual({ reviewed: ['merge-hub', 'archive-auth'], edited: [], stale: [] });
  });

  it('another column does, of the target or of a source', async () => {
    for (const path of ['hub.db', 'auth.db'] as const) {
      const stores = { ...STORES, [path]: `${STORES[path]} ALTER TABLE users ADD COLUMN age INT;` };
      const { stale } = await compared({ stores });
      expect(stale[0]).toEqual({ action: 'merge-hub', changed: [{ path, what: 'has other tables or columns' }] });
    }
  });

  it('and another line that opens one of them', async () => {
    const { stale } = await compared({
      stores: STORES,
      bindings: [{ store: 'auth.db', path: 'new.py', by: 'sqlite3' }],
    });
    expect(stale[0]).toEqual({ action: 'merge-hub', changed: [{ path: 'auth.db', what: 'is opened by other lines' }] });
  });
});
