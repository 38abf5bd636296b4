import type { FixtureProject } from './fixture-project.ts';
import { makeRepository } from './make-repository.ts';
import { insert, makeStore } from './make-store.ts';
import { range } from './people.ts';
import { writeFile } from './write-file.ts';

export const project: FixtureProject = {
  traps: ['S19'],
  wrong: `A git checkout whose index does not know the times of its files any more (they were set after the commit, as rsync or
    a container would): a plain "git status" reads every file again and then rewrites .git/index.`,
  build(dir) {
    makeStore(
      dir,
      'data/shared.db',
      'CREATE TABLE slots (id INTEGER PRIMARY KEY, label TEXT)',
      insert(
        'slots',
        range(10).map((n) => ({ id: n + 1, label: `Slot ${n}` })),
      ),
    );
    writeFile(dir, 'README.md', '# Kiosk\n');
    writeFile(dir, 'src/app.py', 'import sqlite3\n');
    writeFile(dir, '.gitignore', '*.log\n');
    makeRepository(dir, ['README.md', 'src/app.py', '.gitignore', 'data/shared.db']);
  },
};
