/** Tables and columns of a store as a digest: what a merge relies on of stores whose rows may come and go. */
import type { Store } from '../../stores/model.ts';
import { digest } from '../digest.ts';
import type { Reliance } from '../lock-model.ts';

export function schemaOf(store: Store): Reliance {
  const tables = store.tables
    .filter(({ kind }) => kind !== 'shadow')
    .map(({ name, kind, columns, primaryKey, unique, foreignKeys, triggers, withoutRowid, strict }) => ({
      name,
      kind,
      columns: columns.map((one) => [one.name, one.type, one.notNull, one.hasDefault, one.generated]),
      primaryKey,
      unique: unique.map((one) => [...one].join('\n')).sort(),
      foreignKeys: foreignKeys.map(({ columns: own, table, parentColumns }) => [own, table, parentColumns]),
      triggers: [...triggers].sort(),
      withoutRowid,
      strict,
    }))
    .sort((x, y) => (x.name < y.name ? -1 : 1));
  return { on: 'schema', path: store.path, digest: digest('schema\n', tables) };
}
