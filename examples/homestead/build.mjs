/**
 * Builds the example project: `node build.mjs TARGET`. The code comes from `project/`, the stores from the text in `data/`; rows, file times
 * and git history are the same on every machine and every day. Refuses to build into a folder that holds anything.
 */
import {
  chmodSync,
  copyFileSync,
  cpSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { refreshIndex, writeHistory } from './recipe/history.mjs';
import { writeStateFiles } from './recipe/state-files.mjs';
import { makeStores } from './recipe/stores.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const data = join(here, 'data');

/** When files without a time of their own were last changed. */
const LAST_CHANGE = '2025-11-02T20:00:00Z';

/** Makes the whole project in `target`. */
export async function build(target) {
  const root = resolve(target);
  mkdirSync(root, { recursive: true });
  if (readdirSync(root).length > 0) throw new Error(`${root} is not empty: name a new folder`);

  cpSync(join(here, 'project'), root, { recursive: true });
  copyFileSync(join(data, 'dot-env'), join(root, '.env'));
  writeExports(root);
  const times = new Map([...writeStateFiles(root), ...writeOddities(root)]);
  const { changed, generations } = makeStores(root, data);
  for (const [path, time] of changed) times.set(path, time);
  settle(root, '', times);
  writeHistory(root, generations);
  settle(root, '', times);
  refreshIndex(root);
}

/** `readings.csv` was written by a spreadsheet first (byte order mark, CRLF between records), by a shell script later. */
function writeExports(root) {
  mkdirSync(join(root, 'exports'));
  for (const name of ['devices.csv', 'scenes.csv'])
    copyFileSync(join(data, 'exports', name), join(root, 'exports', name));
  const records = readFileSync(join(data, 'exports/readings.csv'), 'utf8').split(/(?<=(?:note|")\n)/);
  const text = records.map((record, i) => (i < 60 ? record.replace(/\n$/, '\r\n') : record)).join('');
  writeFileSync(join(root, 'exports/readings.csv'), `\uFEFF${text}`);
}

/** What no driver makes: the accident of 0 bytes, a pointer without its content, a thumbnail cache, an encrypted store. */
function writeOddities(root) {
  const write = (path, content, time) => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), content);
    return [path, time];
  };
  const pointer = `version https://git-lfs.github.com/spec/v1\noid sha256:${'5e'.repeat(32)}\nsize 73400320\n`;
  const thumbs = Buffer.alloc(1024, 0xff);
  Buffer.from('d0cf11e0a1b11ae1', 'hex').copy(thumbs);
  return [
    write('services/hub/data/hub.db', '', '2025-09-20T07:58:00Z'),
    write('data/models/wake-word.db', pointer, '2025-10-26T15:00:00Z'),
    write('dashboard/Thumbs.db', thumbs, '2025-09-01T12:00:00Z'),
    write('data/locker.db', noise(16_384), '2025-10-19T21:40:00Z'),
  ];
}

/** Bytes that look like those of an encrypted store, the same every time (xorshift32). */
function noise(length) {
  let x = 0x9e3779b9;
  return Uint8Array.from({ length }, () => {
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    return x & 0xff;
  });
}

/** Modes and times of everything outside `.git`: a folder is as new as the newest thing in it. */
function settle(root, folder, times) {
  let newest = new Date(0);
  for (const entry of readdirSync(join(root, folder), { withFileTypes: true })) {
    const path = folder ? `${folder}/${entry.name}` : entry.name;
    if (path === '.git') continue;
    let time;
    if (entry.isDirectory()) {
      time = settle(root, path, times);
    } else {
      time = new Date(times.get(path) ?? LAST_CHANGE);
      chmodSync(join(root, path), path.endsWith('.sh') ? 0o755 : 0o644);
      utimesSync(join(root, path), time, time);
    }
    if (time > newest) newest = time;
  }
  chmodSync(join(root, folder), 0o755);
  utimesSync(join(root, folder), newest, newest);
  return newest;
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const [target] = process.argv.slice(2);
  if (!target) {
    console.error('usage: node build.mjs TARGET');
    process.exit(2);
  }
  try {
    await build(target);
    console.log(`built in ${target}`);
  } catch (error) {
    console.error(error.message);
    process.exit(2);
  }
}
