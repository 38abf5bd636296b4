/** What a script does to stores, whatever its name (trap C17). Plain data. */

export type Role =
  /** Makes or changes tables. */
  | 'migrate'
  /** Empties or removes tables or stores. */
  | 'reset'
  /** Puts rows in that stand in the code or are made up. */
  | 'seed'
  /** Reads, says what it found, changes nothing. */
  | 'check'
  /** Copies a store. */
  | 'backup'
  /** Writes rows into files of text. */
  | 'export'
  /** Puts rows that it reads from files of text or fetches from elsewhere into a store. */
  | 'import'
  /** Carries rows from one store to another. */
  | 'sync'
  /** Deletes some rows or files. */
  | 'cleanup'
  /** Serves until it is stopped. */
  | 'start';

/** A line, and what stands there in few words: names, never values. */
export interface Mark {
  readonly line: number;
  readonly text: string;
}

export interface RoleFound {
  readonly role: Role;
  /** Ordered by line. */
  readonly evidence: readonly Mark[];
  /** Whole tables or stores go. */
  readonly destructive: boolean;
  /** Where the script asks before, or refuses: the same for each of its roles. Nobody checked that what is asked decides. */
  readonly guards: readonly Mark[];
}

/** One thing that a line does. Roles follow from all of them together. */
export interface Act extends Mark {
  readonly does:
    | 'define'
    | 'wipe'
    | 'delete'
    | 'insert'
    | 'update'
    | 'read'
    /** Reads, and prints what it read: the client of a database, given a query. */
    | 'ask'
    | 'open'
    | 'copy'
    | 'read-file'
    | 'fetch'
    | 'write-file'
    | 'say'
    | 'serve'
    | 'seed'
    | 'check'
    | 'restore';
  readonly destructive?: true;
}
