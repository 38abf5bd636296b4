/** The stores that a ledger tells of: what a rollback must know of a merge before it asks for rows. */
import { openConnection } from '../../stores/sqlite/driver.ts';
import { readFollowed } from '../follow/words.ts';
import type { MergeSource, MergeSpec, TableSpec } from '../model.ts';

export interface LedgerStores {
  /** Relative to the project. */
  readonly target: string;
  readonly stores: readonly {
    readonly path: string;
    readonly role: 'target' | 'source';
    readonly kind: MergeSource['kind'];
    /** Of its snapshot in the vault. */
    readonly sha256: string | null;
  }[];
  /** Columns of the target whose ids follow another merge: later rows hold ids that mean nobody once both are taken back. */
  readonly followed: readonly { readonly table: string; readonly column: string }[];
}

export function ledgerStores(file: string): LedgerStores {
  const db = openConnection(file, 'immutable');
  try {
    const [target, spec] = db.row('SELECT target, spec FROM ledger') ?? [];
    const { sources, tables } = JSON.parse(String(spec)) as MergeSpec;
    const kinds = new Map(sources.map(({ path, kind }) => [path, kind]));
    return {
      target: String(target),
      followed: sources.some(({ kind }) => kind === 'values') ? tables.flatMap(followedIn) : [],
      stores: db.rows('SELECT path, role, sha256 FROM stores ORDER BY store').map(([path, role, sha256]) => ({
        path: String(path),
        role: role === 'target' ? 'target' : 'source',
        kind: kinds.get(String(path)) ?? 'sqlite',
        sha256: typeof sha256 === 'string' ? sha256 : null,
      })),
    };
  } finally {
    db.close();
  }
}

function followedIn({ table, parts }: TableSpec): LedgerStores['followed'] {
  return parts.flatMap((part) => {
    const column = readFollowed(part.table)?.reference.columns[0];
    return column === undefined ? [] : [{ table, column }];
  });
}
