import { chmodSync, readFileSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FixtureProject } from './fixture-project.ts';
import { insert, makeStore } from './make-store.ts';
import { person, range } from './people.ts';
import { writeFile } from './write-file.ts';

const TABLE = 'CREATE TABLE guests (id INTEGER PRIMARY KEY, email TEXT UNIQUE, name TEXT, note TEXT)';
const guests = (from: number, n: number) =>
  insert(
    'guests',
    range(n, from).map((i) => ({ id: i + 1, email: person(i).email, name: person(i).name, note: 'x'.repeat(300) })),
  );

export const project: FixtureProject = {
  traps: ['S14'],
  wrong: `Four stores cannot be read, each for its own reason: data/locked.db may be read by its owner only, data/torn.db ends in
    the middle (a copy that was interrupted), data/scratched.db has pages overwritten with zeros, and data/model.db is a
    pointer of git-lfs whose content was never fetched; data/annexed.csv is a link into git-annex. data/guests.db is sound, and what
    the others share with it cannot be known. None of them is empty.`,
  build(dir) {
    makeStore(dir, 'data/guests.db', TABLE, guests(0, 60));
    makeStore(dir, 'data/locked.db', TABLE, guests(0, 60));
    chmodSync(join(dir, 'data/locked.db'), 0o600);
    makeStore(dir, 'data/torn.db', TABLE, guests(100, 200));
    truncateSync(join(dir, 'data/torn.db'), 3 * 4096 + 1000);
    makeStore(dir, 'data/scratched.db', TABLE, guests(100, 200));
    const scratched = readFileSync(join(dir, 'data/scratched.db'));
    scratched.fill(0, 4 * 4096, scratched.length - 4096);
    writeFileSync(join(dir, 'data/scratched.db'), scratched);
    writeFile(
      dir,
      'data/model.db',
      `version https://git-lfs.github.com/spec/v1\noid sha256:${'4d7a'.repeat(16)}\nsize 73728\n`,
    );
    symlinkSync(`../.git/annex/objects/Xz/9q/MD5E-s5-${'0'.repeat(32)}.csv`, join(dir, 'data/annexed.csv'));
  },
};
