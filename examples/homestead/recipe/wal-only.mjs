/**
 * A store whose every row is still in the write-ahead log: main file and log are copied while a connection is open, the index (`-shm`) is left
 * behind. The log's salts, random in SQLite, are replaced so that the bytes are the same every time.
 */
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { DatabaseSync } from '@photostructure/sqlite';

const SALT = Buffer.from('686f6d6573746561', 'hex');
const HEADER = 32;
const FRAME_HEADER = 24;

/** Makes `path` and `path-wal`; returns the names of both. */
export function makeWalOnly(path, sql, scratch) {
  const open = join(scratch, 'wal-only.db');
  const database = new DatabaseSync(open);
  try {
    database.exec('PRAGMA journal_mode = WAL; PRAGMA wal_autocheckpoint = 0;');
    database.exec(sql);
    copyFileSync(open, path);
    writeFileSync(`${path}-wal`, withFixedSalt(readFileSync(`${open}-wal`)));
  } finally {
    database.close();
  }
  return [basename(path), `${basename(path)}-wal`];
}

/** The same log with another salt; checksums as in "The WAL File Format" (https://www.sqlite.org/fileformat2.html#walformat). */
function withFixedSalt(log) {
  const pageSize = log.readUInt32BE(8);
  // The lowest bit of the magic number tells the byte order of the checksums.
  const read = log.readUInt32BE(0) & 1 ? (at) => log.readUInt32BE(at) : (at) => log.readUInt32LE(at);
  let s0 = 0;
  let s1 = 0;
  const add = (from, to) => {
    for (let at = from; at < to; at += 8) {
      s0 = (s0 + read(at) + s1) >>> 0;
      s1 = (s1 + read(at + 4) + s0) >>> 0;
    }
  };
  const put = (at) => {
    log.writeUInt32BE(s0, at);
    log.writeUInt32BE(s1, at + 4);
  };
  SALT.copy(log, 16);
  add(0, 24);
  put(24);
  for (let frame = HEADER; frame < log.length; frame += FRAME_HEADER + pageSize) {
    SALT.copy(log, frame + 8);
    add(frame, frame + 8);
    add(frame + FRAME_HEADER, frame + FRAME_HEADER + pageSize);
    put(frame + 16);
  }
  return log;
}
