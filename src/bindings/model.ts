/** Which store a line opens, in which context, on what evidence (design, sections 3 and 7). Plain data. */

export type BindingConfidence =
  /** Follows from the files, if what it assumes holds. */
  'proven' | 'likely' | 'unknown';

export type BindingTarget =
  /** A store of this project, by its id. */
  | { readonly kind: 'store'; readonly store: string }
  /** Named, absent, and nothing says that it is made when the program runs. Path relative to the project. */
  | { readonly kind: 'missing'; readonly path: string }
  /** Absent, and the program that opens it creates it (trap S13). */
  | { readonly kind: 'runtime'; readonly path: string }
  /** A name with holes: `cache_{}.db`, and the stores that fit it. */
  | { readonly kind: 'family'; readonly pattern: string; readonly stores: readonly string[] }
  | { readonly kind: 'temporary'; readonly path: string }
  | { readonly kind: 'memory' }
  /** A database server; `url` without user and password, `variable` where it comes from. */
  | { readonly kind: 'server'; readonly engine: string; readonly url?: string; readonly variable?: string }
  /** Outside the project. Absolute path as the context sees it. */
  | { readonly kind: 'outside'; readonly path: string }
  | { readonly kind: 'unknown'; readonly why: string };

export interface Evidence {
  /** What stands there or what follows, one short line without secrets. */
  readonly text: string;
  readonly path?: string;
  readonly line?: number;
}

export interface TableUse {
  readonly table: string;
  readonly access: 'read' | 'write' | 'ddl';
  readonly path: string;
  readonly line: number;
}

export type BindingAccess = 'read' | 'write' | 'ddl';

/** What is assumed of a file that is not there, and that is opened only where it is. */
export const IF_THERE = 'the file is there, which is asked first';

export interface Binding {
  readonly path: string;
  readonly line: number;
  /** The call or entry as written, one line, shortened, credentials replaced by `***`. */
  readonly spelling: string;
  /** `docker compose, service auth`, `npm run dev`, `started from backend/`, `wherever it is started`. */
  readonly context: string;
  /** The store's id, or `null` where `target` says something else. */
  readonly store: string | null;
  readonly target: BindingTarget;
  readonly access: readonly BindingAccess[];
  /** What is done there, where it can be told. */
  readonly tables: readonly TableUse[];
  /** `AUTH_DB is set nowhere`, `started from the project's root`. */
  readonly assumes: readonly string[];
  /** What would change the answer: `AUTH_DB is set`, `another working directory`, `the volume moves`. */
  readonly changesIf: readonly string[];
  readonly confidence: BindingConfidence;
  readonly evidence: readonly Evidence[];
  /** What recognised the call: `sqlite3.connect`, `prisma`, `csv`. */
  readonly by: string;
  /** A test, a migration or a script that is not part of the running application. */
  readonly purpose: 'application' | 'test' | 'migration' | 'script';
}
