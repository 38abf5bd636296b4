/** SQL for "this cell is that one": exactly, in a form for comparison, or written as the target writes it. */
import type { Normaliser } from '../../audit/model.ts';
import { cell } from '../../rows/compare-sql.ts';
import type { ValueForm } from '../../rows/write-form.ts';

/** Exactly, whatever affinity and collation the columns have. NULL is NULL. */
export function exactly(x: string, y: string): string {
  return `(+${x} IS +${y} COLLATE BINARY)`;
}

/** Exactly, or a number and the very text of it: what a column's affinity makes of the other, and could make back. */
export function sameOrNumeral(x: string, y: string): string {
  const types = `(typeof(${x}) = 'text') + (typeof(${y}) = 'text') = 1 AND typeof(${x}) <> 'blob' AND typeof(${y}) <> 'blob'`;
  return `(+${x} IS +${y} COLLATE BINARY OR (${types} AND CAST(${x} AS TEXT) IS CAST(${y} AS TEXT) COLLATE BINARY))`;
}

/** In a form for comparison (docs/rows.md). */
export function inForm(x: string, y: string, normaliser: Normaliser, emptyIsNull: boolean): string {
  const formed = (value: string): string => cell(value, { a: '', b: '', via: 'name', normaliser }, emptyIsNull);
  return `(${formed(x)} IS ${formed(y)} COLLATE BINARY)`;
}

const HEX = '[0-9a-fA-F]';
const hex = (digits: number): string => HEX.repeat(digits);
const LIKE_A_TIME = "'[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]";

/** How the forms of the target look, and which of the comparison's forms what they write conforms to. */
const FORMS: Readonly<
  Record<Exclude<ValueForm, 'empty-is-null'>, { readonly as: Normaliser; readonly looks: (x: string) => string }>
> = {
  'uuid-dashed': {
    as: 'uuid',
    looks: (x) => `${x} GLOB '${[8, 4, 4, 4, 12].map(hex).join('-')}'`,
  },
  'uuid-hex': { as: 'uuid', looks: (x) => `${x} GLOB '${hex(32)}'` },
  'timestamp-t': { as: 'timestamp', looks: (x) => `${x} GLOB ${LIKE_A_TIME}T*'` },
  'timestamp-space': { as: 'timestamp', looks: (x) => `${x} GLOB ${LIKE_A_TIME} *'` },
  'epoch-s': { as: 'timestamp', looks: (x) => `CAST(${x} AS REAL) BETWEEN 0 AND 1e10` },
  'epoch-ms': { as: 'timestamp', looks: (x) => `CAST(${x} AS REAL) > 1e10` },
  date: { as: 'timestamp', looks: (x) => `${x} GLOB ${LIKE_A_TIME}'` },
  number: { as: 'number', looks: (x) => `typeof(${x}) IN ('integer', 'real', 'text')` },
  boolean: { as: 'boolean', looks: (x) => `CAST(${x} AS TEXT) IN ('0', '1')` },
};

/** What a value of the comparison's form looks like: any other value does not conform, and is carried as it is. */
const CONFORMS: Partial<Record<Normaliser, (x: string) => string>> = {
  uuid: (x) => `${x} GLOB '${hex(32)}' AND typeof(${x}) = 'text'`,
  timestamp: (x) => `${x} GLOB ${LIKE_A_TIME}T*Z'`,
  number: (x) => `typeof(${x}) IN ('integer', 'real')`,
  boolean: (x) => `typeof(${x}) = 'integer' AND ${x} IN (0, 1)`,
};

/** What a form cannot say without a loss stays as it is. Of a moment in the comparison's form. */
const EXPRESSIBLE: Partial<Record<ValueForm, (x: string) => string>> = {
  date: (x) => `${x} GLOB '*T00:00:00.000Z'`,
  'epoch-s': (x) => `${x} GLOB '*.000Z'`,
  'epoch-ms': (x) => `${x} GLOB '*.[0-9][0-9][0-9]Z'`,
};

/** Whether `x` is what a source's `y` becomes in the target's form: the same moment, UUID or number, written so. */
export function written(x: string, y: string, form: ValueForm): string {
  if (form === 'empty-is-null') return exactly(x, `nullif(${y}, '')`);
  const { as, looks } = FORMS[form];
  const formed = (value: string): string => cell(value, { a: '', b: '', via: 'name', normaliser: as }, false);
  const conforms = `(${CONFORMS[as]?.(`(${formed(y)})`) ?? '0'}) AND ${EXPRESSIBLE[form]?.(`(${formed(y)})`) ?? '1'}`;
  return `CASE WHEN ${conforms} THEN ${formed(x)} IS ${formed(y)} COLLATE BINARY AND ${looks(x)} ELSE ${sameOrNumeral(x, y)} END`;
}
