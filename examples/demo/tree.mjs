/** What the demo measures of a folder: whether anything changed, what a run must give back, which stores there are. */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { lstatSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';

/** One hash over every name, type, mode, modification time and byte below a folder. */
export function fingerprint(root) {
  const hash = createHash('sha256');
  let files = 0;
  const visit = (path, name) => {
    const stat = lstatSync(path, { bigint: true });
    hash.update(`${name}\0${stat.mode}\0${stat.mtimeNs}\0${stat.size}\n`);
    if (stat.isDirectory()) for (const entry of readdirSync(path).sort()) visit(join(path, entry), `${name}/${entry}`);
    else files += 1;
    if (stat.isFile()) hash.update(readFileSync(path));
  };
  visit(root, '.');
  return { files, hash: hash.digest('hex') };
}

/** Every path with what a run gives back: kind, mode, time, bytes; what git says of them, instead of git's own files. */
export function states(root) {
  const found = new Map();
  const visit = (path, name) => {
    const stat = lstatSync(path, { bigint: true });
    const bytes = stat.isFile() ? readFileSync(path) : stat.isSymbolicLink() ? readlinkSync(path) : '';
    const hash = createHash('sha256').update(bytes).digest('hex');
    found.set(name, `${stat.mode} ${stat.isSymbolicLink() ? '' : stat.mtimeNs / 1000n} ${hash}`);
    if (!stat.isDirectory()) return;
    for (const entry of readdirSync(path)) if (entry !== '.git') visit(join(path, entry), `${name}/${entry}`);
  };
  visit(root, '.');
  for (const args of [
    ['status', '--porcelain'],
    ['ls-files', '--stage'],
    ['log', '--format=%H'],
  ]) {
    found.set(`git ${args[0]}`, spawnSync('git', ['-C', root, ...args], { encoding: 'utf8' }).stdout);
  }
  return found;
}

/** SQLite files of the project itself: no backups, nothing of other programs, nothing that cannot be read. The one of 0 bytes is one. */
export function stores(root) {
  const found = [];
  const visit = (folder) => {
    for (const entry of readdirSync(join(root, folder), { withFileTypes: true })) {
      const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
      if (entry.isDirectory() && !['.git', 'backups', 'homeassistant'].includes(entry.name)) visit(path);
      if (entry.isFile() && isStore(join(root, path))) found.push(path);
    }
  };
  visit('');
  return found.sort();
}

function isStore(path) {
  if (!/\.db(\.old)?$/.test(path)) return false;
  const bytes = readFileSync(path);
  return bytes.length === 0 || bytes.subarray(0, 15).toString('latin1') === 'SQLite format 3';
}
