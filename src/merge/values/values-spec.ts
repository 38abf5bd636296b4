/**
 * Values that a file of ours holds with the keys of their rows, as a merge into the store that has these rows: nothing comes in, every value that
 * differs wins. So what is changed by hand of a plan has a ledger, a verification and a way back like every other merge.
 */
import type { ColumnSource, MergeSpec, TableSpec } from '../model.ts';
import type { Shape } from '../verify/shapes.ts';

export interface StagedValues {
  /** Of the store. */
  readonly table: string;
  readonly shape: Shape;
  /** Columns that name a row, under their names in the file as well. */
  readonly keys: readonly string[];
  /** Table of the file. */
  readonly name: string;
  readonly columns: Readonly<Record<string, ColumnSource>>;
}

/** `path`: what the ledger calls the file. */
export function valuesSpec(path: string, staged: readonly StagedValues[]): MergeSpec {
  const tables = [...new Set(staged.map(({ table }) => table))];
  return {
    version: 1,
    sources: [{ path, kind: 'values' }],
    idMapTable: false,
    tables: tables.map((table): TableSpec => {
      const own = staged.filter((one) => one.table === table);
      const { shape, keys } = own[0] as StagedValues;
      return {
        table,
        madeFrom: null,
        columns: shape.columns
          .filter(({ generated }) => !generated)
          .map(({ name, type }) => ({ name, type, added: false, normaliser: 'exact' })),
        identity: { kind: 'key', columns: keys },
        surrogate: null,
        // Values are as they shall be: none is translated once more.
        references: [],
        parts: own.map((one) => ({
          source: 0,
          table: one.name,
          columns: { ...Object.fromEntries(keys.map((key) => [key, { from: key }])), ...one.columns },
          leftOut: [],
          ancestor: null,
        })),
        differ: Object.fromEntries(own.flatMap((one) => Object.keys(one.columns).map((column) => [column, 'source']))),
        timeColumn: null,
        deleted: 'returns',
      };
    }),
  };
}
