/** What a child writes besides SQLite: files in the scratch folder that are its own. No path of a project comes here. */
import { closeSync, openSync, readSync, writeSync } from 'node:fs';

/** Calls `work` with what appends a line to a new file, 0600. */
export function withLines(file: string, work: (append: (line: string) => void) => void): void {
  const open = openSync(file, 'wx', 0o600);
  try {
    work((line) => {
      const bytes = Buffer.from(`${line}\n`);
      for (let at = 0; at < bytes.length; ) at += writeSync(open, bytes, at);
    });
  } finally {
    closeSync(open);
  }
}

/** Bytes 18 and 19 of a store say whether it is in WAL mode. */
const MODE_AT = 18;
const ROLLBACK_MODE = 1;
const WAL_MODE = 2;

/** A store that is one file is written without a log. Returns whether it is to be in WAL mode again. */
export function takeOutOfWal(file: string): boolean {
  const open = openSync(file, 'r+');
  try {
    const mode = Buffer.alloc(2);
    readSync(open, mode, 0, 2, MODE_AT);
    if (mode[0] !== WAL_MODE) return false;
    writeSync(open, Buffer.from([ROLLBACK_MODE, ROLLBACK_MODE]), 0, 2, MODE_AT);
    return true;
  } finally {
    closeSync(open);
  }
}

export function putIntoWal(file: string): void {
  const open = openSync(file, 'r+');
  try {
    writeSync(open, Buffer.from([WAL_MODE, WAL_MODE]), 0, 2, MODE_AT);
  } finally {
    closeSync(open);
  }
}
