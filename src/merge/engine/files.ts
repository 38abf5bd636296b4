/** The files of one merge: a copy of the target to work on, a new ledger, and nothing left of either where the work fails. */
import { closeSync, constants, copyFileSync, existsSync, openSync, readSync, rmSync, writeSync } from 'node:fs';
import { type Connection, fileUri, openConnection } from '../../stores/sqlite/driver.ts';
import { ledgerTables } from '../ledger-schema.ts';
import type { MergeRequest } from '../model.ts';

/** Where the header says how the file is written: 1 with a rollback journal, 2 with a WAL. https://sqlite.org/fileformat2.html */
const WRITE_VERSION = 18;
const WAL = 2;
/** KiB. More brings nothing. */
const CACHE_KIB = 49_152;

export interface Opened {
  readonly db: Connection;
  /** The target is in WAL mode, and the merged file must be. */
  readonly wal: boolean;
}

export function openFiles({ files, spec, merged, ledger }: MergeRequest): Opened {
  let wal = false;
  if (files.target !== null) {
    copyFileSync(files.target, merged, constants.COPYFILE_FICLONE);
    wal = writeVersion(merged) === WAL;
    // Opened as it is, SQLite would make a WAL beside it.
    if (wal) setWriteVersion(merged, 1);
  }
  const db = openConnection(merged, files.target === null ? 'create' : 'private');
  if (files.target === null) likeTheFirst(db, files.sources[spec.sources.findIndex(({ kind }) => kind === 'sqlite')]);
  // Both files are made anew after any failure; whoever asked for them makes them durable.
  db.exec(`PRAGMA cache_size = -${CACHE_KIB}; PRAGMA main.journal_mode = TRUNCATE; PRAGMA synchronous = OFF;`);
  db.rows('ATTACH ? AS ledger', fileUri(ledger, 'create'));
  db.exec(`PRAGMA ledger.journal_mode = OFF; PRAGMA ledger.synchronous = OFF; ${ledgerTables('ledger')}`);
  return { db, wal };
}

/** A target that is not there yet gets the page size and the encoding of the first store that comes into it. */
function likeTheFirst(db: Connection, source: string | undefined): void {
  if (source === undefined) return;
  const model = openConnection(source, 'immutable');
  try {
    const [size, encoding] = ['page_size', 'encoding'].map((name) => String(model.row(`PRAGMA ${name}`)?.[0]));
    db.exec(`PRAGMA page_size = ${size}; PRAGMA encoding = '${encoding}';`);
  } finally {
    model.close();
  }
}

export function closeFiles({ db, wal }: Opened, merged: string): void {
  db.close();
  rmSync(`${merged}-journal`, { force: true });
  if (wal) setWriteVersion(merged, WAL);
}

export function removeFiles(request: MergeRequest): void {
  for (const file of [request.merged, request.ledger]) {
    for (const end of ['', '-journal', '-wal', '-shm']) rmSync(`${file}${end}`, { force: true });
  }
}

export function refuseExisting({ merged, ledger }: MergeRequest): void {
  for (const file of [merged, ledger]) {
    if (existsSync(file)) throw new TypeError('a merge writes new files only');
  }
}

function writeVersion(file: string): number {
  const fd = openSync(file, 'r');
  try {
    const head = Buffer.alloc(1);
    readSync(fd, head, 0, 1, WRITE_VERSION);
    return head[0] ?? 0;
  } finally {
    closeSync(fd);
  }
}

function setWriteVersion(file: string, version: number): void {
  const fd = openSync(file, 'r+');
  try {
    // The version to write and the version to read.
    writeSync(fd, Buffer.from([version, version]), 0, 2, WRITE_VERSION);
  } finally {
    closeSync(fd);
  }
}
