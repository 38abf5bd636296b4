import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { type CodeProject, codeProject, lookAgain, removeCodeProjects } from '../../test/code-project.ts';
import { type CodeSnapshot, snapshotOf } from './code-snapshot.ts';
import { delta, gainsNothing } from './delta.ts';
import { lookAtOverlay, type ProjectChanges } from './overlay.ts';

afterAll(removeCodeProjects);

const NOTHING: ProjectChanges = { texts: new Map(), moved: new Map(), removed: new Set() };

const project = (): Promise<CodeProject> =>
  codeProject({
    'hub/__init__.py': '',
    'hub/db.py':
      'import sqlite3\nfrom pathlib import Path\nDATA = Path(__file__).parent.parent / "data"\ndef open_db():\n    return sqlite3.connect(DATA / "hub.db")\n',
    'hub/app.py':
      'from hub.db import open_db\nfrom hub.legacy import gone\n\ndef main():\n    open_db().execute("select 1 from users")\n',
    'scripts/check.py': 'import sqlite3\nsqlite3.connect("data/hub.db")\n',
    Makefile: 'check:\n\tpython scripts/check.py\n',
    'data/hub.db': '',
    'current.db': '-> data/hub.db',
  });

function carryOut(root: string, { texts, moved, removed }: ProjectChanges): void {
  for (const path of removed) rmSync(join(root, path));
  const aside = [...moved].map(([from, to], index) => {
    renameSync(join(root, from), join(root, `.aside${index}`));
    return [`.aside${index}`, to] as const;
  });
  for (const [from, to] of aside) {
    mkdirSync(dirname(join(root, to)), { recursive: true });
    renameSync(join(root, from), join(root, to));
  }
  for (const [path, content] of texts) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), content);
  }
}

/** Without what only the disk knows. */
const comparable = (snapshot: CodeSnapshot): unknown => JSON.parse(JSON.stringify(snapshot));

describe('an imagined project is read as the real one is afterwards', () => {
  const cases: readonly (readonly [string, ProjectChanges])[] = [
    ['nothing', NOTHING],
    [
      'an edit',
      {
        ...NOTHING,
        texts: new Map([['scripts/check.py', Buffer.from('import sqlite3\nsqlite3.connect("other.db")\n')]]),
      },
    ],
    ['a new file', { ...NOTHING, texts: new Map([['hub/legacy.py', Buffer.from('gone = 1\n')]]) }],
    ['a move of a module', { ...NOTHING, moved: new Map([['hub/db.py', 'hub/store/db.py']]) }],
    [
      'a move and an edit of one file',
      {
        ...NOTHING,
        moved: new Map([['scripts/check.py', 'tools/check.py']]),
        texts: new Map([['tools/check.py', Buffer.from('import sqlite3\nsqlite3.connect("data/hub.db")\nx = 1\n')]]),
      },
    ],
    ['a store that moves', { ...NOTHING, moved: new Map([['data/hub.db', 'var/main.db']]) }],
    [
      'two files that change places',
      {
        ...NOTHING,
        moved: new Map([
          ['hub/db.py', 'hub/app.py'],
          ['hub/app.py', 'hub/db.py'],
        ]),
      },
    ],
    ['a removal', { ...NOTHING, removed: new Set(['hub/db.py']) }],
  ];

  test.each(cases)('%s', async (_, changes) => {
    const now = await project();
    const imagined = snapshotOf(await lookAtOverlay(now, changes));
    carryOut(now.root, changes);
    const real = snapshotOf((await lookAgain(now.root)).looked);
    expect(comparable(imagined)).toEqual(comparable(real));
  });

  test('nothing is written: not in the project, not beside it', async () => {
    const now = await project();
    const before = readdirSync(now.root, { recursive: true }).sort();
    await lookAtOverlay(now, {
      ...NOTHING,
      texts: new Map([['hub/new.py', Buffer.from('x = 1')]]),
      removed: new Set(['hub/db.py']),
    });
    expect(readdirSync(now.root, { recursive: true }).sort()).toEqual(before);
    expect(readFileSync(join(now.root, 'hub/db.py'), 'utf8')).toContain('DATA');
  });
});

describe('delta', () => {
  const changedBy = async (changes: ProjectChanges): Promise<ReturnType<typeof delta>> => {
    const now = await project();
    return delta(snapshotOf(now.looked), snapshotOf(await lookAtOverlay(now, changes)), changes.moved);
  };

  test('what was broken before is no news', async () => {
    const same = await changedBy(NOTHING);
    expect(gainsNothing(same)).toBe(true);
    expect(same.bindings).toEqual([]);
    expect(same.imports).toEqual({ gained: [], lost: [] });
  });

  test('C13: a script one level deeper opens another file', async () => {
    const { bindings } = await changedBy({ ...NOTHING, moved: new Map([['hub/db.py', 'hub/store/db.py']]) });
    expect(bindings.map(({ before, after: is }) => [before?.target, is?.target])).toEqual([
      [
        { kind: 'store', store: 'data/hub.db' },
        { kind: 'missing', path: 'hub/data/hub.db' },
      ],
    ]);
  });

  test('C15: an import that leads nowhere afterwards, a name that is missing', async () => {
    const gone = await changedBy({ ...NOTHING, moved: new Map([['hub/db.py', 'hub/store/db.py']]) });
    expect(gone.unresolved.gained).toEqual([{ path: 'hub/app.py', line: 1, what: 'hub.db', scope: '' }]);
    expect(gone.imports.lost).toMatchObject([{ from: 'hub/app.py', to: 'hub/store/db.py' }]);
    const renamed = await changedBy({
      ...NOTHING,
      texts: new Map([['hub/db.py', Buffer.from('def connect():\n    pass\n')]]),
    });
    expect(renamed.names.gained).toMatchObject([{ path: 'hub/app.py', what: 'hub.db open_db' }]);
    expect(gainsNothing(renamed)).toBe(false);
  });

  test('C19: a command that names what is gone', async () => {
    const { references } = await changedBy({ ...NOTHING, moved: new Map([['scripts/check.py', 'tools/check.py']]) });
    expect(references.gained).toMatchObject([{ path: 'Makefile', line: 2 }]);
  });

  test('C21: a file that does not parse any more', async () => {
    const { syntax } = await changedBy({
      ...NOTHING,
      texts: new Map([['hub/db.py', Buffer.from('import sqlite3\ndef (:\nsqlite3.connect("data/hub.db")')]]),
    });
    expect(syntax).toMatchObject([{ path: 'hub/db.py', before: 'structure', after: 'tokens' }]);
  });

  test('sites are known by their place in the code: lines above them change nothing', async () => {
    const now = await project();
    const text = readFileSync(join(now.root, 'hub/app.py'), 'utf8');
    const moved = new Map([['scripts/check.py', 'scripts/a/check.py']]);
    const changes = { ...NOTHING, moved, texts: new Map([['hub/app.py', Buffer.from(`# one\n# two\n${text}`)]]) };
    const found = delta(snapshotOf(now.looked), snapshotOf(await lookAtOverlay(now, changes)), moved);
    expect(found.unresolved).toEqual({ gained: [], lost: [] });
    expect(found.imports).toEqual({ gained: [], lost: [] });
  });

  test('a store that moves and sites that follow it are as before', async () => {
    const now = await project();
    const moved = new Map([['data/hub.db', 'data/main.db']]);
    const texts = new Map(
      ['hub/db.py', 'scripts/check.py'].map((path) => [
        path,
        Buffer.from(now.read(path).toString().replace('hub.db', 'main.db')),
      ]),
    );
    const changes = { ...NOTHING, moved, texts };
    expect(delta(snapshotOf(now.looked), snapshotOf(await lookAtOverlay(now, changes)), moved).bindings).toEqual([]);
  });
});
