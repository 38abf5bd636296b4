/** Stores, a merge and its ledger made by hand, for tests: small enough to be seen through, written as `docs/ledger.md` says. */
import { copyFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { carryBack } from '../../src/merge/carry/carry-back.ts';
import type { LaterMode, LaterResult } from '../../src/merge/carry/model.ts';
import { mergeStores } from '../../src/merge/engine/merge.ts';
import { ledgerTables, PRESENCE, partTables } from '../../src/merge/ledger-schema.ts';
import type { MergeSpec } from '../../src/merge/model.ts';
import { type Connection, openConnection, type SqlValue } from '../../src/stores/sqlite/driver.ts';

/** Row of the source → row of the merged store, by part. `null`: retained. */
export interface HandPart {
  readonly source: string;
  readonly table: string;
  readonly to: string;
  readonly spans?: readonly (readonly [first: number, last: number, offset: number])[];
  /** Address there, presence, address here. */
  readonly rows?: readonly (readonly [SqlValue, keyof typeof PRESENCE, SqlValue])[];
}

export interface HandGhost {
  readonly table: string;
  readonly part: number | null;
  readonly old: number;
  readonly new: number;
}

export interface Hand {
  readonly folder: string;
  /** A new file with what the SQL makes. */
  make(name: string, sql: string): string;
  /** Changes the store as it is now. */
  write(sql: string): void;
  carry(mode?: LaterMode, options?: { readonly closed?: readonly string[] }): LaterResult;
  /** Cells of a store as it is to be again, as text; of `current` and `merged` too. */
  read(name: string, sql: string): readonly (readonly string[])[];
  aside(): readonly {
    readonly table: string;
    readonly is: string;
    readonly why: readonly { readonly reason: string }[];
    readonly now?: object;
  }[];
  close(): void;
}

/** `target`, the sources, `merged`: SQL of each. */
export function handMade(made: {
  readonly target: string;
  readonly sources: Readonly<Record<string, string>>;
  readonly merged: string;
  readonly spec: MergeSpec;
  readonly parts: readonly HandPart[];
  readonly ghosts?: readonly HandGhost[];
}): Hand {
  const hand = stores(made);
  hand.make('merged', made.merged);
  withFile(join(hand.folder, 'ledger'), 'create', (db) => writeLedger(db, made.spec, made.parts, made.ghosts ?? []));
  copyFileSync(join(hand.folder, 'merged'), join(hand.folder, 'current'));
  return hand;
}

/** The same, merged by the engine. */
export function engineMade(made: {
  readonly target: string;
  readonly sources: Readonly<Record<string, string>>;
  readonly spec: MergeSpec;
}): Hand {
  const hand = stores(made);
  const file = (name: string): string => join(hand.folder, name);
  const sources = made.spec.sources.map(({ path }) => file(path));
  mergeStores({
    ...{ spec: made.spec, merged: file('merged'), ledger: file('ledger'), sha256: sources.map(() => null) },
    files: { target: file('target'), sources, ancestors: sources.map(() => null) },
    target: { path: 'target', sha256: null },
  });
  copyFileSync(file('merged'), file('current'));
  return hand;
}

function stores({
  target,
  sources,
}: {
  readonly target: string;
  readonly sources: Readonly<Record<string, string>>;
}): Hand {
  const folder = mkdtempSync(join(tmpdir(), 'desprawl-hand-'));
  const file = (name: string): string => join(folder, name);
  let tries = 0;
  const hand: Hand = {
    folder,
    make: (name, sql) => {
      withFile(file(name), 'create', (db) => db.exec(`PRAGMA synchronous = OFF; BEGIN; ${sql}; COMMIT`));
      return file(name);
    },
    write: (sql) => withFile(file('current'), 'private', (db) => db.exec(sql)),
    carry: (mode = 'carry', { closed = [] } = {}) => {
      const at = ++tries;
      const store = (path: string): { path: string; before: string; out: string; why: null } => {
        copyFileSync(file(path), file(`${path}.out`));
        return { path, before: file(path), out: file(`${path}.out`), why: null };
      };
      return carryBack({
        mode,
        merged: file('merged'),
        current: file('current'),
        ledger: file('ledger'),
        target: store('target'),
        sources: Object.keys(sources).flatMap((path) => (closed.includes(path) ? [] : [store(path)])),
        work: file(`work-${at}`),
        aside: file(`aside-${at}`),
      });
    },
    read: (name, sql) =>
      withFile(file(name), 'immutable', (db) =>
        db
          .rows(sql)
          .map((row) =>
            row.map((cell) => (cell instanceof Uint8Array ? `x${Buffer.from(cell).toString('hex')}` : String(cell))),
          ),
      ),
    aside: () =>
      readFileSync(file(`aside-${tries}`), 'utf8')
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => JSON.parse(line)),
    close: () => rmSync(folder, { recursive: true, force: true }),
  };
  hand.make('target', target);
  for (const [path, sql] of Object.entries(sources)) hand.make(path, sql);
  return hand;
}

function writeLedger(db: Connection, spec: MergeSpec, parts: readonly HandPart[], ghosts: readonly HandGhost[]): void {
  db.exec(ledgerTables('main'));
  db.rows("INSERT INTO ledger VALUES (1, 'target', ?)", JSON.stringify(spec));
  db.exec("INSERT INTO stores VALUES (0, 'target', NULL, 'target')");
  for (const [i, { path }] of spec.sources.entries()) {
    db.rows("INSERT INTO stores VALUES (?, ?, NULL, 'source')", BigInt(i + 1), path);
  }
  for (const [at, { source, table, to, spans = [], rows = [] }] of parts.entries()) {
    const store = BigInt(spec.sources.findIndex(({ path }) => path === source) + 1);
    const number = BigInt(at + 1);
    db.rows('INSERT INTO parts VALUES (?, ?, ?, ?, 0, 0, 0, 0, 0, 0, NULL)', number, store, table, to);
    db.exec(partTables('main', at + 1, 1, 1));
    for (const [first, last, offset] of spans) {
      db.rows('INSERT INTO spans VALUES (?, ?, ?, ?)', number, BigInt(first), BigInt(last), BigInt(offset));
    }
    for (const [o, presence, k] of rows) {
      db.rows(`INSERT INTO rows_${at + 1} VALUES (?, ?, ?, NULL)`, o, BigInt(PRESENCE[presence]), k);
    }
  }
  for (const one of ghosts) {
    const part = one.part === null ? null : BigInt(one.part);
    db.rows('INSERT INTO ghosts VALUES (?, ?, ?, ?)', one.table, part, BigInt(one.old), BigInt(one.new));
  }
}

function withFile<T>(path: string, mode: 'create' | 'private' | 'immutable', work: (db: Connection) => T): T {
  const db = openConnection(path, mode);
  try {
    return work(db);
  } finally {
    db.close();
  }
}
