import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openPlace, type Place } from '../../test/builders/backup.ts';
import { makeWalStore } from '../../test/projects/make-store.ts';
import { writeFile } from '../../test/projects/write-file.ts';
import { treeState } from '../../test/tree-state.ts';

let place: Place;
beforeEach(() => {
  place = openPlace();
});
afterEach(() => place.close());

it('the shell of docs/vault.md, as it stands there, brings everything back', async () => {
  const doc = readFileSync('docs/vault.md', 'utf8').split('## Restoring by hand')[1] ?? '';
  const shell = /```sh\n([\s\S]*?)```/.exec(doc)?.[1] ?? '';
  const home = place.beside('home');
  const state = join(home, '.local/state/desprawl/homestead-3f9a1c20');
  expect(shell).toContain('desprawl/homestead-3f9a1c20/vault');
  mkdirSync(state, { recursive: true });
  makeWalStore(place.root, 'data/telemetry.db', 'CREATE TABLE pings (a); INSERT INTO pings VALUES (1)', { shm: true });
  const odd = [
    'src/a b',
    'src/ both ends ',
    'src/back\\slash',
    'src/line\nbreak',
    'src/per%cent \\n $x `y`',
    'src/-n',
    'ü',
  ];
  for (const [i, name] of odd.entries()) {
    writeFile(place.root, name, `${name}!`);
    chmodSync(join(place.root, name), i % 2 === 0 ? 0o640 : 0o755);
  }
  writeFileSync(Buffer.from(`${place.root}/latin-\xe9`, 'latin1'), 'latin');
  symlinkSync('../data/telemetry.db', join(place.root, 'src/current.db'));
  const latin = { bytes: Buffer.from('latin-\xe9', 'latin1').toString('base64') };
  const request = {
    vault: join(state, 'vault'),
    files: [...odd, 'src/current.db', latin],
    stores: [{ store: 'data/telemetry.db', kind: 'sqlite' as const }],
  };
  await place.backup({ ...request, files: ['src/a b'] });
  await place.backup(request);
  // What a crash left must not be taken for the newest.
  writeFileSync(join(state, 'vault', 'backups', '2999-01-01T000000.000Z-000000000000.sha256'), 'x');
  const said = execFileSync('bash', ['-euo', 'pipefail', '-c', shell], {
    env: { PATH: process.env.PATH ?? '', HOME: home },
    encoding: 'latin1',
  });
  expect(said.trimEnd().split('\n')).toHaveLength(odd.length + 4);
  expect(said).not.toMatch(/FAILED/);
  const files = (root: string): readonly string[] =>
    treeState(root).filter((line) => !line.includes(' folder ') && !line.startsWith('"./latin'));
  expect(files(join(home, 'restored'))).toEqual(files(place.root));
});
