/** The header of a store, changed where SQLite would want a log: in the scratch folder only, where the file is ours. */
import { closeSync, openSync, readSync, writeSync } from 'node:fs';

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
