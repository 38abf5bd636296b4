import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Imagined, imagine } from '../../../test/plan/files-measured.ts';
import type { StoreRelation } from '../../audit/model.ts';
import { transitionsOf } from '../../steps/step.ts';
import { readPlan } from '../read-plan.ts';
import { compile } from './index.ts';
import type { Compiled } from './model.ts';

const plan = (actions: string, rest = ''): ReturnType<typeof readPlan> =>
  readPlan(`version: 1\nplan: kiosk-7c1e\n${rest}actions:\n${actions}`, 'p.yaml');
const run = (project: Imagined, actions: string, rest?: string): Promise<Compiled> =>
  compile(plan(actions, rest), imagine(project));
/** `remove a.db`, `put .gitignore`, in their order. */
const steps = ({ phases }: Compiled): readonly string[] =>
  phases.flatMap((phase) =>
    phase.steps.map((step) =>
      step.op === 'git-index'
        ? `git-index ${step.entries.map(({ path }) => path)}`
        : `${step.op} ${step.path}${step.op === 'rename' ? ` ${step.to}` : ''}`,
    ),
  );
const is = ({ actions }: Compiled): Readonly<Record<string, string>> =>
  Object.fromEntries([...actions].map(([id, one]) => [id, one.why === null ? one.is : `${one.is}: ${one.why}`]));
const content = ({ phases }: Compiled, path: string): string | undefined => {
  for (const { steps: all, contents } of phases) {
    for (const step of all) {
      if (step.op === 'put' && step.path === path && step.after.kind === 'file') {
        return Buffer.from(contents.get(step.after.sha256) ?? []).toString();
      }
    }
  }
  return undefined;
};

describe('archive', () => {
  const files = { 'b/hub-1.db': 'one', 'b/hub-2.db': 'one', 'b/hub-3.db': 'three', 'b/x.txt': 'x' };

  it('S9: takes what a pattern matches, and lets stay what is excepted', async () => {
    const done = await run({ files }, '  - {archive: b/hub-*.db, id: a, except: [b/hub-2.db]}\n');
    expect(steps(done)).toEqual(['remove b/hub-1.db', 'remove b/hub-3.db']);
    expect(done.phases[0]?.archived).toEqual([{ action: 'a', paths: ['b/hub-1.db', 'b/hub-3.db'] }]);
    expect(done.actions.get('a')?.locked).toMatchObject({ bytes: { changed: 0, freed: 8, vault: 8 } });
    expect(done.actions.get('a')?.locked?.relies.map(({ on }) => on)).toEqual(['bytes', 'bytes', 'only']);
  });

  it('takes a folder as a whole, and only named files of it', async () => {
    expect(steps(await run({ files }, '  - {archive: b/, id: a}\n'))).toEqual([
      'remove b/hub-1.db',
      'remove b/hub-2.db',
      'remove b/hub-3.db',
      'remove b/x.txt',
      'remove-folder b',
    ]);
    expect(steps(await run({ files }, '  - {archive: b, id: a, files: [b/x.txt]}\n'))).toEqual(['remove b/x.txt']);
  });

  it('S3: a store goes with the files beside it, all in one', async () => {
    const done = await run(
      { files: { 'a.db': 'main', 'a.db-wal': 'log', 'a.db-shm': '', 'a.db.txt': '' }, stores: [{ path: 'a.db' }] },
      '  - {archive: a.db, id: a}\n',
    );
    expect(steps(done)).toEqual(['remove a.db-shm', 'remove a.db-wal', 'remove a.db']);
    expect(done.phases[0]?.steps.every((step) => step.store === 'a.db')).toBe(true);
  });

  it('into a folder: every path is kept, a manifest says what is there', async () => {
    const done = await run({ files: { ...files, 'old/y': '' } }, '  - {archive: b/hub-*.db, id: a, to: old/}\n');
    expect(steps(done)).toEqual([
      'make-folder old/b',
      'put old/manifest.json',
      'rename b/hub-1.db old/b/hub-1.db',
      'rename b/hub-2.db old/b/hub-2.db',
      'rename b/hub-3.db old/b/hub-3.db',
    ]);
    expect(JSON.parse(content(done, 'old/manifest.json') ?? '')).toMatchObject({
      version: 1,
      archived: 'a',
      files: [{ path: 'b/hub-1.db', bytes: 3 }, { path: 'b/hub-2.db' }, { path: 'b/hub-3.db' }],
    });
  });

  it('C14: nothing falls out of git by going into a folder that it ignores', async () => {
    const git = { tracked: ['b/x.txt'], ignored: ['old'] };
    expect(is(await run({ files, git }, '  - {archive: b/x.txt, id: a, to: old}\n'))).toEqual({
      a: 'blocked: git ignores old/b/x.txt, so that b/x.txt, which it tracks, would fall out of it',
    });
    const kept = await run({ files, git: { ...git, ignored: [] } }, '  - {archive: b/x.txt, id: a, to: old}\n');
    expect(steps(kept).at(-1)).toBe('git-index b/x.txt,old/b/x.txt');
  });

  it('refuses what something opens, loads or links to; a script that makes it anew is no reader', async () => {
    const csv = { path: 'e.csv', kind: 'csv' as const };
    const project = (more: Partial<Imagined>): Imagined => ({
      files: { 'e.csv': 'x', 'm.py': '', 'n.py': '', l: '' },
      stores: [csv],
      ...more,
    });
    const read = { path: 'api.py', line: 7, store: 'e.csv', access: ['read'] as const };
    expect(is(await run(project({ bindings: [read] }), '  - {archive: e.csv, id: a}\n'))).toEqual({
      a: 'blocked: e.csv is needed: api.py:7 opens it (wherever it is started)',
    });
    const written = { ...read, access: ['write'] as const };
    expect(is(await run(project({ bindings: [written] }), '  - {archive: e.csv, id: a}\n')).a).toContain('blocked');
    expect(
      is(await run(project({ bindings: [{ ...written, purpose: 'script' }] }), '  - {archive: e.csv, id: a}\n')),
    ).toEqual({ a: 'ready' });
    expect(is(await run(project({ stores: [{ ...csv, links: ['l'] }] }), '  - {archive: e.csv, id: a}\n')).a).toContain(
      'l is a link to it',
    );
    expect(is(await run(project({ imports: [['n.py', 'm.py']] }), '  - {archive: m.py, id: a}\n')).a).toContain(
      'n.py:1 loads or names it',
    );
    expect(is(await run(project({ imports: [['n.py', 'm.py']] }), '  - {archive: "*.py", id: a}\n'))).toEqual({
      a: 'ready',
    });
  });

  it('S12, S14 and what is to be kept', async () => {
    const foreign = { path: 'h.db', foreign: { program: 'Home Assistant', evidence: '' } };
    const project = {
      files: { 'h.db': 'x', 'f.db': 'y', 'desprawl.yaml': '' },
      stores: [foreign, { path: 'f.db', role: 'fixture' as const }],
      keep: ['/g.db', '*.txt'],
    };
    expect(
      is(
        await run(
          project,
          '  - {archive: h.db, id: a}\n  - {archive: f.db, id: b}\n  - {archive: desprawl.yaml, id: c}\n',
        ),
      ),
    ).toEqual({
      a: 'blocked: h.db belongs to Home Assistant',
      b: 'blocked: f.db is a fixture of tests',
      c: "blocked: desprawl.yaml is a file of desprawl's own",
    });
    expect(is(await run({ files, keep: ['*.txt'] }, '  - {archive: b, id: a}\n'))).toEqual({
      a: 'blocked: b/x.txt is to be kept (keep: *.txt)',
    });
    expect(is(await run({ files }, '  - {archive: b, id: a}\n', 'policy: {keep: [b]}\n')).a).toContain('is to be kept');
  });

  it('says so where nothing is there any more', async () => {
    expect(is(await run({ files }, '  - {archive: c/*.db, id: a}\n  - {archive: nope, id: b, after: [a]}\n'))).toEqual({
      a: 'already so: nothing is there',
      b: 'already so: nothing is there',
    });
  });
});

describe('remove', () => {
  const relation = (change: Partial<StoreRelation>): StoreRelation =>
    ({
      a: 'a.db',
      b: 'b.db',
      kind: 'subset',
      byteEqual: false,
      exact: true,
      onlyA: 0,
      onlyB: 5,
      conflicting: 0,
      tables: [],
      ...change,
    }) as StoreRelation;
  const tables = [{ name: 't', kind: 'table', rows: 3, columns: [] }] as never;
  const stores = [
    { path: 'a.db', tables },
    { path: 'b.db', tables },
  ];
  const why = async (
    change: Partial<StoreRelation> | null,
    more: Partial<Imagined> = {},
  ): Promise<string | undefined> =>
    is(
      await run(
        { files: { 'a.db': 'a', 'b.db': 'b' }, stores, relations: change === null ? [] : [relation(change)], ...more },
        '  - {remove: a.db, id: r, because: b.db}\n',
      ),
    ).r;

  it('S7: only what is proven to be in the other one', async () => {
    expect(await why({})).toBe('ready');
    expect(await why(null)).toContain('nothing in b.db was found to be like it');
    expect(await why({ onlyA: 2 })).toContain('2 of its rows are not in b.db');
    expect(await why({ conflicting: 1 })).toContain('1 of its rows have other values in b.db');
    expect(await why({ exact: false })).toContain('by sample only');
    expect(
      await why(
        {},
        {
          stores: [{ path: 'a.db', tables: [{ name: 'fts', kind: 'virtual', rows: null }] as never }, { path: 'b.db' }],
        },
      ),
    ).toContain('fts in it could not be compared');
    expect(
      await why({
        tables: [
          {
            a: { store: 'a.db', table: 't' },
            b: { store: 'b.db', table: 't' },
            relation: 'subset',
            method: 'exact',
            ambiguous: 0,
            renumbered: 3,
            columnsOnlyA: [],
          },
        ] as never,
      }),
    ).toContain('rows of t have other ids in b.db');
    expect(await why({}, { stores: [{ path: 'b.db', tables }] })).toContain('b.db has other bytes');
  });

  it('equal bytes prove it, but not where a log lies beside one of them (S1)', async () => {
    const files = { 'a.db': 'x', 'b.db': 'x' };
    expect(await why(null, { files })).toBe('ready');
    expect(await why(null, { files: { ...files, 'b.db-wal': 'log' } })).toContain('not proven');
    expect(await why(null, { files: { ...files, 'a.db-wal': 'log' } })).toContain('not proven');
  });

  it('two copies never prove each other removable, and what is archived proves nothing', async () => {
    const project = { files: { 'a.db': 'x', 'b.db': 'x', 'c.db': 'x' } };
    expect(
      is(await run(project, '  - {remove: a.db, id: a, because: b.db}\n  - {remove: b.db, id: b, because: a.db}\n')),
    ).toEqual({
      a: 'blocked: b.db, which is to hold the same, goes by b',
      b: 'blocked: a.db, which is to hold the same, goes by a',
    });
    expect(
      is(
        await run(
          project,
          '  - {remove: a.db, id: a, because: b.db}\n  - {remove: b.db, id: b, because: c.db}\n  - {archive: c.db, id: c}\n',
        ),
      ),
    ).toEqual({
      a: 'blocked: b.db, which is to hold the same, goes by b',
      b: 'blocked: c.db, which is to hold the same, goes by c',
      c: 'ready',
    });
  });

  it('X: of equal files one always stays, whatever is asked', async () => {
    const names = ['a', 'b', 'c', 'd'];
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.constantFrom(...names), fc.constantFrom(...names)), { maxLength: 6 }),
        async (pairs) => {
          const asked = new Map(pairs.filter(([x, y]) => x !== y));
          const actions = [...asked].map(([x, y]) => `  - {remove: ${x}, id: r-${x}, because: ${y}}\n`).join('');
          const done = await run(
            { files: Object.fromEntries(names.map((name) => [name, 'same'])) },
            actions === '' ? '  []\n' : actions,
          );
          const gone = new Set(steps(done).map((step) => step.slice('remove '.length)));
          for (const [x, y] of asked) if (gone.has(x)) expect(gone).not.toContain(y);
          expect(gone.size).toBeLessThan(names.length);
        },
      ),
    );
  });

  it('S4: an empty store needs no proof, and the folders that it leaves empty go, unless something names them', async () => {
    const project: Imagined = {
      files: { 's/hub/data/hub.db': '', 's/hub/app.py': '' },
      stores: [{ path: 's/hub/data/hub.db', status: 'empty' }],
    };
    expect(steps(await run(project, '  - {remove: s/hub/data/hub.db, id: r}\n'))).toEqual([
      'remove s/hub/data/hub.db',
      'remove-folder s/hub/data',
    ]);
    const named = {
      path: 's/hub/app.py',
      store: null,
      target: { kind: 'runtime' as const, path: 's/hub/data/cache.db' },
    };
    expect(steps(await run({ ...project, bindings: [named] }, '  - {remove: s/hub/data/hub.db, id: r}\n'))).toEqual([
      'remove s/hub/data/hub.db',
    ]);
    expect(
      steps(
        await run(
          { ...project, files: { ...project.files, 's/hub/data/note': '' } },
          '  - {remove: s/hub/data/hub.db, id: r}\n',
        ),
      ),
    ).toEqual(['remove s/hub/data/hub.db']);
  });

  it('modules that nothing loads go; anything else needs a proof', async () => {
    const project: Imagined = { files: { 'm.py': 'x', 'e.csv': 'y' }, languages: { 'm.py': 'python' } };
    expect(is(await run(project, '  - {remove: m.py, id: m}\n  - {remove: e.csv, id: e}\n'))).toEqual({
      m: 'ready',
      e: 'blocked: nothing shows that what is in e.csv is anywhere else: name it in `because:`, or archive it',
    });
  });
});

describe('ignore and untrack', () => {
  it('lines of several actions are one write; what is there already is not written again', async () => {
    const files = { '.gitignore': 'node_modules/\r\n/data/', 'a.db': '' };
    const done = await run(
      { files },
      '  - {ignore: /x.db, id: x}\n  - {ignore: /data/, id: d}\n  - {ignore: "*.log", id: l}\n',
    );
    expect(content(done, '.gitignore')).toBe('node_modules/\r\n/data/\r\n*.log\r\n/x.db\r\n');
    expect(steps(done)).toEqual(['put .gitignore']);
    expect(is(done)).toEqual({ x: 'ready', l: 'ready', d: 'already so: .gitignore has this line' });
    expect(done.actions.get('x')?.locked?.hunks).toEqual([
      { path: '.gitignore', at: [21, 21, 2], from: '', to: '/x.db', why: 'ignore rule', proof: 'a line at its end' },
    ]);
    expect(content(await run({ files: {} }, '  - {ignore: /x.db, id: x}\n'), '.gitignore')).toBe('/x.db\n');
  });

  it('S10: what no rule names is not untracked; a rule of an earlier action counts', async () => {
    const project: Imagined = {
      files: { 'data/auth.db': 'x', 'b.db': 'y' },
      git: { tracked: ['data/auth.db', 'b.db'], ignored: ['data'] },
    };
    const done = await run(project, '  - {untrack: data/auth.db, id: u}\n  - {untrack: b.db, id: b}\n');
    expect(steps(done)).toEqual(['git-index data/auth.db']);
    expect(done.phases[0]?.steps[0]).toMatchObject({
      op: 'git-index',
      entries: [{ after: null, before: { mode: '100644' } }],
    });
    expect(is(done).b).toContain('no ignore rule names b.db');
    const ruled = await run(project, '  - {untrack: b.db, id: u, after: [i]}\n  - {ignore: /b.db, id: i}\n');
    expect(steps(ruled)).toEqual(['put .gitignore', 'git-index b.db']);
    expect(is(await run({ files: {} }, '  - {untrack: b.db, id: u}\n')).u).toContain('in no repository');
  });
});

describe('block and write-file', () => {
  it('C27: a folder in the place of a store that goes, after it went', async () => {
    const files = { 'old.db': 'x', 'new.db': 'x' };
    const done = await run(
      { files },
      '  - {remove: old.db, id: r, because: new.db}\n  - {block: old.db, id: b, after: [r]}\n',
    );
    expect(steps(done)).toEqual(['remove old.db', 'make-folder old.db', 'put old.db/README']);
    expect(done.phases[0]?.steps.map(({ action }) => action)).toEqual(['r', 'b', 'b']);
    expect(is(await run({ files }, '  - {block: old.db, id: b}\n')).b).toContain('still there');
    // Applied once more: what stands there now is the folder, and nobody archives that.
    const readme = content(done, 'old.db/README') ?? '';
    const again = await run(
      { files: { 'old.db/README': readme, 'new.db': 'x' } },
      '  - {archive: old.db, id: r}\n  - {block: old.db, id: b, after: [r]}\n',
    );
    expect(again.phases).toEqual([]);
    expect(is(again)).toEqual({ r: 'already so: a folder stands in its place', b: 'already so: a folder is there' });
    const other = await run({ files: { 'old.db/README': 'mine' } }, '  - {archive: old.db, id: r}\n');
    expect(steps(other)).toEqual(['remove old.db/README', 'remove-folder old.db']);
  });

  it('says of itself that it was generated, in the comment of its language', async () => {
    const done = await run(
      { files: { 'taken.md': 'x' } },
      '  - {write-file: a/__init__.py, id: a, content: "x = 1"}\n  - {write-file: b.sh, id: b, content: "#!/bin/sh\\necho\\n"}\n  - {write-file: taken.md, id: c, content: y}\n  - {write-file: d, id: d}\n',
    );
    expect(content(done, 'a/__init__.py')).toBe('# Generated by desprawl.\nx = 1\n');
    expect(content(done, 'b.sh')).toBe('#!/bin/sh\n# Generated by desprawl.\necho\n');
    expect(is(done)).toMatchObject({
      c: 'blocked: taken.md is there already',
      d: 'blocked: it needs `content:` or `template:`, one of the two',
    });
  });
});

describe('what hangs on what', () => {
  const files = { a: 'x', b: 'x', c: 'x' };
  const decisions =
    'decisions:\n  - {decision: d, question: "what?", choices: {go: goes, stay: stays}, proposal: go, chosen: ANSWER}\n';

  it('an open decision holds what needs it and what comes after that; another answer leaves it out', async () => {
    const actions =
      '  - {archive: a, id: a, needs: {d: go}}\n  - {archive: b, id: b, after: [a]}\n  - {archive: c, id: c}\n';
    expect(is(await run({ files }, actions, decisions.replace('ANSWER', '')))).toEqual({
      a: 'undecided: d is not decided',
      b: 'undecided: waits for a, which waits for a decision',
      c: 'ready',
    });
    expect(is(await run({ files }, actions, decisions.replace('ANSWER', 'stay')))).toEqual({
      a: 'skipped: d was answered stay',
      b: 'skipped: comes after a, which is left out',
      c: 'ready',
    });
    expect(is(await run({ files }, actions, decisions.replace('ANSWER', 'go')))).toEqual({
      a: 'ready',
      b: 'ready',
      c: 'ready',
    });
  });

  it('a later phase is compiled on what the earlier one leaves', async () => {
    const done = await run(
      { files },
      '  - {archive: a, id: a}\n  - {block: a, id: b, phase: 2}\n  - {ignore: /a, id: i}\n  - {ignore: /b, id: j, phase: 2}\n',
    );
    expect(done.phases.map(({ phase, steps: all }) => [phase, all.length])).toEqual([
      [1, 2],
      [2, 3],
    ]);
    const [, second] = done.phases;
    const put = second?.steps.find((step) => step.op === 'put' && step.path === '.gitignore');
    expect(
      put?.op === 'put' && put.after.kind === 'file'
        ? Buffer.from(second?.contents.get(put.after.sha256) ?? []).toString()
        : '',
    ).toBe('/a\n/b\n');
  });

  it('two actions that want different things of one path are named', async () => {
    await expect(
      run({ files: {} }, '  - {write-file: a, id: x, content: "1"}\n  - {write-file: a, id: y, content: "2"}\n'),
    ).rejects.toThrow('x and y both change a, each in its own way.');
  });

  it('X: the order of actions in the file changes no digest and no step', async () => {
    const lines = [
      '  - {archive: b/hub-*.db, id: a, except: [b/hub-2.db]}\n',
      '  - {remove: a.db, id: r, because: c.db}\n',
      '  - {block: a.db, id: k, after: [r]}\n',
      '  - {ignore: /x, id: i}\n',
      '  - {ignore: /y, id: j}\n',
      '  - {untrack: t, id: u, after: [i]}\n',
      '  - {archive: late, id: l, to: old, phase: 2}\n',
    ];
    const project: Imagined = {
      files: { 'b/hub-1.db': '1', 'b/hub-2.db': '1', 'a.db': 'x', 'c.db': 'x', t: 't', late: 'l' },
      git: { tracked: ['t', 'late'], ignored: ['t'] },
    };
    const first = await run(project, lines.join(''));
    expect([...first.actions.values()].map((one) => one.is)).not.toContain('blocked');
    await fc.assert(
      fc.asyncProperty(fc.shuffledSubarray(lines, { minLength: lines.length }), async (shuffled) => {
        const again = await run(project, shuffled.join(''));
        expect([again.digest, again.code]).toEqual([first.digest, first.code]);
        expect(again.phases.map((phase) => phase.steps)).toEqual(first.phases.map((phase) => phase.steps));
      }),
      { numRuns: 30 },
    );
  });

  it('leaving one action out changes the digest of no other', async () => {
    const project: Imagined = {
      files: { 'd/a.db': '', 'd/b.db': '' },
      stores: [{ path: 'd/a.db' }, { path: 'd/b.db' }],
    };
    const both =
      '  - {remove: d/a.db, id: a}\n  - {remove: d/b.db, id: b}\n  - {ignore: /x, id: i}\n  - {ignore: /y, id: j}\n';
    const all = await run(project, both);
    expect(steps(all)).toContain('remove-folder d');
    const fewer = await run(
      project,
      both.replace('id: b}', 'id: b, skip: true}').replace('id: i}', 'id: i, skip: true}'),
    );
    for (const id of ['a', 'j'])
      expect(fewer.actions.get(id)?.locked?.digest).toBe(all.actions.get(id)?.locked?.digest);
    expect(fewer.digest).not.toBe(all.digest);
  });

  it('states of steps fit together: each path is where the step before left it', async () => {
    const done = await run(
      { files },
      '  - {archive: a, id: a}\n  - {block: a, id: b, after: [a]}\n  - {archive: a/README, id: c, phase: 2}\n',
    );
    const now = new Map<string, string>();
    for (const step of done.phases.flatMap((phase) => phase.steps)) {
      for (const { path, before, after } of transitionsOf(step)) {
        const known = now.get(String(path));
        if (known !== undefined) expect(before.kind).toBe(known);
        now.set(String(path), after.kind);
      }
    }
    expect(now.get('a')).toBe('folder');
  });
});
