/**
 * Tables that may be the storage of a virtual table whose module is not here (trap R20): its module names them after it, and only it knows
 * which rows go together. SQLite calls them ordinary tables; nobody may merge them row by row.
 */
import type { Store } from '../../stores/model.ts';

/** The virtual table; `null`: there is none. */
export function unreadOwner({ tables }: Pick<Store, 'tables'>, table: string): string | null {
  const name = table.toLowerCase();
  const owner = tables.find(
    (one) => one.kind === 'virtual' && one.rows === null && name.startsWith(`${one.name.toLowerCase()}_`),
  );
  return owner?.name ?? null;
}
