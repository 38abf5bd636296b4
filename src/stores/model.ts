/**
 * What is known about stores: plain, readonly, JSON-able data. Produced by the readers, consumed by
 * every later stage. Row values never appear in it (only counts, names and shapes).
 */

export type StoreKind = 'sqlite' | 'csv' | 'json' | 'jsonl' | 'unknown';

/**
 * `verified`: read whole, everything said about it was measured. `empty`: 0 bytes, holds nothing.
 * `not-verified`: could not be read; nothing may be concluded from it (see `reason`).
 */
export type StoreStatus = 'verified' | 'empty' | 'not-verified';

/** Why a store is `not-verified`. */
export type UnreadableReason =
  | 'permission'
  | 'corrupt'
  | 'truncated'
  | 'encrypted'
  | 'lfs-pointer'
  | 'missing-content'
  | 'changing'
  | 'timeout'
  | 'memory'
  | 'no-space'
  | 'unsupported'
  | 'vanished'
  | 'not-utf8'
  | 'error';

/** How git sees a file. `ignored-tracked`: matched by an ignore rule and tracked all the same (trap S10). */
export type GitState = 'tracked' | 'ignored-tracked' | 'untracked' | 'ignored' | 'outside';

/** What a file is kept for, as far as name, place and siblings tell. */
export type StoreRole = 'live' | 'backup' | 'export' | 'fixture';

export interface Sidecar {
  readonly path: string;
  readonly role: 'wal' | 'shm' | 'journal';
  readonly bytes: number;
}

/** The newest moment that the rows themselves name. `at` is ISO 8601 UTC. */
export interface Freshness {
  readonly at: string;
  readonly table: string;
  readonly column: string;
}

export interface ForeignKey {
  readonly columns: readonly string[];
  readonly table: string;
  /** Empty when the reference names no column (it then means the parent's primary key). */
  readonly parentColumns: readonly string[];
  readonly onDelete: string;
  readonly onUpdate: string;
}

export interface Index {
  readonly name: string;
  /** A `null` entry stands for an expression. */
  readonly columns: readonly (string | null)[];
  readonly unique: boolean;
  readonly partial: boolean;
}

/** The shape that (nearly) all sampled non-null values of a column share. */
export type ValueShape =
  | 'integer'
  | 'real'
  | 'integer-text'
  | 'real-text'
  | 'uuid-dashed'
  | 'uuid-hex'
  | 'timestamp-t'
  | 'timestamp-space'
  | 'date'
  | 'epoch-s'
  | 'epoch-ms'
  | 'email'
  | 'boolean'
  | 'boolean-text'
  | 'password-hash'
  | 'token'
  | 'json'
  | 'blob'
  | 'text'
  | 'empty'
  | 'mixed';

/** Measured on sampled rows (all rows where the table is small). Shares are 0–1. */
export interface ColumnProfile {
  readonly shape: ValueShape;
  /** The one way in which all sampled values of this shape are written (`lower`, `19Z` …), where there is one. */
  readonly form?: string;
  readonly nulls: number;
  /** Distinct ÷ non-null values among the sampled rows. */
  readonly distinct: number;
  /** Some sampled value has characters outside ASCII. */
  readonly nonAscii: boolean;
}

export interface Column {
  readonly name: string;
  /** As declared; `''` where the format has no declarations. */
  readonly type: string;
  readonly notNull: boolean;
  readonly hasDefault: boolean;
  /** Stored or virtual generated column: never inserted, compared like any other. */
  readonly generated: boolean;
  readonly profile?: ColumnProfile;
}

export type TableKind = 'table' | 'view' | 'virtual' | 'shadow';

export interface Table {
  readonly name: string;
  readonly kind: TableKind;
  /** Exact; `null` where it was not counted (views, shadow and unreadable virtual tables). */
  readonly rows: number | null;
  readonly columns: readonly Column[];
  readonly primaryKey: readonly string[];
  /** Declared unique constraints and full unique indexes, without the primary key. */
  readonly unique: readonly (readonly string[])[];
  readonly foreignKeys: readonly ForeignKey[];
  readonly indexes: readonly Index[];
  readonly triggers: readonly string[];
  readonly withoutRowid: boolean;
  readonly strict: boolean;
  readonly autoincrement: boolean;
  readonly freshness?: Freshness;
  /** Order-independent digest over all rows (see docs/rows.md), hex; only where every row was read. */
  readonly digest?: string;
  /** What finds twins: small numeric summaries of values, never values. Dropped from public reports. */
  readonly sketch?: TableSketch;
  /** Rows that look like demo, test or seed data; never more than a hint. */
  readonly demo?: { readonly rows: number; readonly columns: readonly string[] };
  /** Why `rows` or `digest` is missing. */
  readonly note?: string;
}

/** Bottom-k sketch of the normalised values of each column (hashes, 32 bit), and of whole rows. */
export interface TableSketch {
  readonly sampledRows: number;
  readonly complete: boolean;
  readonly columns: Readonly<Record<string, readonly number[]>>;
}

export interface FkViolation {
  readonly table: string;
  readonly parent: string;
  readonly count: number;
  /** Set where the constraint itself cannot be checked (it names a missing table or column). */
  readonly broken?: string;
}

export interface MigrationLedger {
  /** `alembic`, `django`, `prisma`, … (see stores/migration-ledgers.ts). */
  readonly system: string;
  readonly table: string;
  readonly entries: number;
  /** Newest applied migration, by the ledger's own order; a name, not personal data. */
  readonly latest: string | null;
  /** Order-independent digest of the applied names, to compare two ledgers. */
  readonly digest: string;
}

export interface SqliteFacts {
  readonly pageSize: number;
  readonly encoding: string;
  readonly journalMode: 'wal' | 'rollback';
  readonly userVersion: number;
  readonly applicationId: number;
  readonly integrity: 'ok' | 'damaged' | 'not-checked';
  /** First messages of the check, at most 5. */
  readonly integrityMessages: readonly string[];
  readonly fkViolations: readonly FkViolation[];
}

/** How a delimited text file is written. */
export interface CsvDialect {
  readonly delimiter: ',' | ';' | '\t' | '|';
  readonly quote: '"' | "'";
  readonly encoding: 'utf-8' | 'utf-16le' | 'utf-16be' | 'windows-1252';
  readonly bom: boolean;
  /** Line endings seen: one, or mixed. */
  readonly eol: 'lf' | 'crlf' | 'cr' | 'mixed';
  readonly header: boolean;
  /** Physical lines; larger than records + header where cells span lines. */
  readonly lines: number;
  /** Records whose number of cells differs from the header's. */
  readonly ragged: number;
  /** Cells that a spreadsheet would run as a formula (`=`, `+`, `-`, `@` first). */
  readonly formulaCells: number;
}

/** Everything measured about one store. */
export interface Store {
  /** Stable between runs: the path relative to the project, `/`-separated. */
  readonly id: string;
  readonly kind: StoreKind;
  readonly path: string;
  readonly bytes: number;
  /** File modification time, ISO 8601 UTC. */
  readonly modified: string;
  readonly status: StoreStatus;
  readonly reason?: { readonly code: UnreadableReason; readonly message: string };
  /** `immutable`: in place, no locks; `private-copy`: a copy with its sidecars; `stream`: text. */
  readonly readBy?: 'immutable' | 'private-copy' | 'stream';
  readonly git: GitState;
  readonly role: StoreRole;
  /** Why `role` is not `live`. */
  readonly roleReason?: string;
  /** Links in the project that lead to this file. */
  readonly links: readonly string[];
  readonly sidecars: readonly Sidecar[];
  /** SHA-256 of the main file; only where another store has the same size. */
  readonly sha256?: string;
  readonly tables: readonly Table[];
  readonly freshness?: Freshness;
  readonly migrations: readonly MigrationLedger[];
  readonly sqlite?: SqliteFacts;
  readonly csv?: CsvDialect;
  /** Name of the program this store belongs to, when it is not the project's own (trap S12). */
  readonly foreign?: { readonly program: string; readonly evidence: string };
}

/** A file that its name says is a store and its content says is not. */
export interface Lookalike {
  readonly path: string;
  readonly bytes: number;
  /** What it is: `text`, `folder`, `thumbnail cache`, … */
  readonly is: string;
}

/** Many generated files of one shape in one folder tree (trap X5). */
export interface FileFamily {
  readonly folder: string;
  readonly format: 'json';
  readonly files: number;
  readonly bytes: number;
  readonly oldest: string;
  readonly newest: string;
  /** Top-level keys that at least nine in ten files share. */
  readonly keys: readonly string[];
  /** Filename with the varying part as `*`. */
  readonly pattern: string;
  readonly tracked: number;
  readonly example: string;
}
