/**
 * Which column of a text file a column that the target requires could be, where neither name nor values tell: the only one of its kind on either
 * side. A guess that somebody has to confirm; without it the file could not come in at all (trap X1).
 */

import type { Column, Table, ValueShape } from '../../stores/model.ts';
import type { MergeTable } from '../settings.ts';
import { type Aligned, align, requiredColumns } from './align.ts';
import { isReference, lookedUp } from './named-rows.ts';

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
  const lacking = requiredColumns(base, aligned).filter(({ name }) => !isReference(base, name, tables));
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

function kindOf({ profile }: Column): Kind | null {
  return profile === undefined ? null : (KINDS[profile.shape] ?? null);
}
