/** The stores that a ledger tells of: what a rollback must know of a merge before it asks for rows. */
import { openConnection } from '../../stores/sqlite/driver.ts';
import type { MergeSource, MergeSpec } from '../model.ts';

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
}

export function ledgerStores(file: string): LedgerStores {
  const db = openConnection(file, 'immutable');
  try {
    const [target, spec] = db.row('SELECT target, spec FROM ledger') ?? [];
    const { sources } = JSON.parse(String(spec)) as MergeSpec;
    const kinds = new Map(sources.map(({ path, kind }) => [path, kind]));
    return {
      target: String(target),
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
