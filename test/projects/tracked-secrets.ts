import type { FixtureProject } from './fixture-project.ts';
import { makeRepository } from './make-repository.ts';
import { insert, makeStore } from './make-store.ts';
import { person, range } from './people.ts';
import { writeFile } from './write-file.ts';

export const project: FixtureProject = {
  traps: ['S10'],
  wrong: `data/auth.db holds password hashes and is tracked by git although .gitignore names it: it was added before the rule, or
    with --force. data/catalog.db is tracked without any secret. data/sessions.db holds hashes too, but is ignored and not
    tracked, as it should be.`,
  build(dir) {
    const accounts = 'CREATE TABLE accounts (id INTEGER PRIMARY KEY, email TEXT UNIQUE, password_hash TEXT NOT NULL)';
    const hashes = (from: number) =>
      insert(
        'accounts',
        range(8, from).map((n) => ({ id: n + 1, email: person(n).email, password_hash: person(n).password() })),
      );
    makeStore(dir, 'data/auth.db', accounts, hashes(0));
    makeStore(dir, 'data/sessions.db', accounts, hashes(300));
    makeStore(
      dir,
      'data/catalog.db',
      'CREATE TABLE articles (id INTEGER PRIMARY KEY, title TEXT, cents INTEGER)',
      insert(
        'articles',
        range(20).map((n) => ({ id: n + 1, title: `Article no. ${n}`, cents: 100 + n })),
      ),
    );
    writeFile(dir, '.gitignore', 'auth.db\nsessions.db\n');
    makeRepository(dir, ['.gitignore', 'data/auth.db', 'data/catalog.db']);
  },
};
