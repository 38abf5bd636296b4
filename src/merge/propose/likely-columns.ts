/**
 * Which column of a text file a column that the target requires could be, where neither name nor values tell: the only one of its kind on either
 * side. A guess that somebody has to confirm; without it the file could not come in at all (trap X1).
 */

import { overlap } from '../../rows/sketch.ts';
import type { Column, Table, ValueShape } from '../../stores/model.ts';
import { writeLookup } from '../lookup-words.ts';
import type { MergeTable } from '../settings.ts';
import { type Aligned, align, requiredColumns } from './align.ts';
import { sameName } from './divide.ts';

type Kind = 'time' | 'number' | 'uuid' | 'email' | 'text';

const KINDS: Readonly<Partial<Record<ValueShape, Kind>>> = {
  'timestamp-t': 'time',
  'timestamp-space': 'time',
  date: 'time',
  integer: 'number',
  'integer-text': 'number',
  real: 'number',
  'real-text': 'number',
  'uuid-dashed': 'uuid',
  'uuid-hex': 'uuid',
  email: 'email',
  text: 'text',
};

/**
 * Column of the file → of the table. A number that refers to a row is never guessed, since any number would do; what names one row of the table
 * referred to is (`meter_id of meters.name`). `tables`: of the target.
 */
export function likelyColumns(base: Table, file: Table, tables: readonly Table[]): MergeTable['columns'] {
  const named = lookedUp(base, file, tables);
  const aligned = align(base, file, true, named);
  const lacking = requiredColumns(base, aligned).filter(
    ({ name }) => !base.foreignKeys.some(({ columns }) => columns.some((one) => sameName(one, name))),
  );
  return { ...named, ...byKind(lacking, aligned) };
}

function byKind(lacking: readonly Column[], aligned: Aligned): MergeTable['columns'] {
  return Object.fromEntries(
    lacking.flatMap((column): [string, string][] => {
      const kind = kindOf(column);
      if (kind === null) return [];
      const here = lacking.filter((one) => kindOf(one) === kind);
      const there = aligned.onlySource.filter((one) => kindOf(one) === kind);
      return here.length === 1 && there.length === 1 && there[0] !== undefined ? [[there[0].name, column.name]] : [];
    }),
  );
}

/** Most values of the file must be names of rows; those that are none keep their rows out. */
const NAMED = 0.5;

/** Required references that the file has no key for, and one column with names of their rows. */
function lookedUp(base: Table, file: Table, tables: readonly Table[]): MergeTable['columns'] {
  const aligned = align(base, file, true);
  const lacking = requiredColumns(base, aligned);
  return Object.fromEntries(
    base.foreignKeys.flatMap(({ columns, table, parentColumns }): [string, string][] => {
      const column = lacking.find(({ name }) => columns.length === 1 && sameName(name, columns[0] ?? ''));
      const parent = tables.find(({ name, kind }) => kind === 'table' && sameName(name, table));
      const key = parentColumns[0] ?? (parent?.primaryKey.length === 1 ? parent.primaryKey[0] : undefined);
      if (column === undefined || parent === undefined || key === undefined) return [];
      const found = aligned.onlySource.flatMap((own) =>
        parent.columns
          .filter((by) => !sameName(by.name, key) && tellsApart(by, parent) && names(file, own, parent, by))
          .map((by): [string, string] => [
            own.name,
            writeLookup({ column: column.name, table: parent.name, by: by.name }),
          ]),
      );
      return found.length === 1 ? found : [];
    }),
  );
}

function tellsApart({ name, profile }: Column, { unique }: Table): boolean {
  const isDeclared = unique.some((columns) => columns.length === 1 && sameName(columns[0] ?? '', name));
  return (
    isDeclared ||
    (profile !== undefined && profile.distinct >= 0.99 && !/^(?:integer|real|boolean|empty|mixed)/.test(profile.shape))
  );
}

function names(file: Table, own: Column, parent: Table, by: Column): boolean {
  const [mine, theirs] = [file.sketch?.columns[own.name], parent.sketch?.columns[by.name]];
  return mine !== undefined && theirs !== undefined && overlap(mine, theirs).aInB >= NAMED;
}

function kindOf({ profile }: Column): Kind | null {
  return profile === undefined ? null : (KINDS[profile.shape] ?? null);
}
