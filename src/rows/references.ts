/**
 * Which columns of a store refer to a table: declared foreign keys, columns named after it whose values are contained in
 * its key, and polymorphic pairs (`entity_type`, `entity_id`) (trap R3). Inferred ones are proposals with evidence.
 */
import type { Table } from '../stores/model.ts';
import type { Connection } from '../stores/sqlite/driver.ts';
import { quoteName } from '../stores/sqlite/quote.ts';
import { plainName } from './match-columns.ts';

export interface Reference {
  readonly table: string;
  readonly column: string;
  /** Rows that refer to something (not NULL). */
  readonly rows: number;
  readonly inferred: boolean;
  /** Share of the referring values that exist in the table, of the first rows where there are many. */
  readonly contained: number;
}

/** Fewer values found than this: the name promises a reference, the data does not keep it. */
const CONTAINED = 0.5;
/** Rows whose values are looked up; all are counted. */
const LOOKED_UP = 20_000;

export function findReferences(db: Connection, table: string, tables: readonly Table[]): readonly Reference[] {
  const target = tables.find(({ name }) => name === table);
  if (target === undefined || target.primaryKey.length !== 1) return [];
  const key = target.primaryKey[0] ?? '';
  const measure = (
    from: string,
    column: string,
    where: string,
    to: string = key,
  ): Pick<Reference, 'rows' | 'contained'> => {
    const name = `r.${quoteName(column)}`;
    const has = (value: string): string =>
      `EXISTS (SELECT 1 FROM main.${quoteName(table)} t WHERE t.${quoteName(to)} = ${value})`;
    // Text that holds a number refers to the row of that number (`user_id TEXT`).
    const number = 'CAST(v AS INTEGER)';
    const found = `(typeof(v) = 'text' AND CAST(${number} AS TEXT) = v AND ${has(number)})`;
    const referring = `FROM main.${quoteName(from)} r WHERE ${name} IS NOT NULL AND ${where}`;
    const rows = Number(db.row(`SELECT count(*) ${referring}`)?.[0] ?? 0);
    const sql = `SELECT total(${has('v')} OR ${found}) FROM (SELECT ${name} AS v ${referring} LIMIT ${LOOKED_UP})`;
    const inside = Number(rows === 0 ? 0 : db.row(sql)?.[0]);
    return { rows, contained: rows === 0 ? 0 : inside / Math.min(rows, LOOKED_UP) };
  };
  const found: Reference[] = [];
  for (const other of tables) {
    if (other.kind !== 'table') continue;
    const declared = declaredColumns(other, target);
    for (const column of other.columns) {
      if (declared.has(column.name)) {
        const measured = measure(other.name, column.name, '1', declared.get(column.name));
        found.push({ table: other.name, column: column.name, inferred: false, ...measured });
      } else if (namesTable(column.name, table)) {
        const measured = measure(other.name, column.name, '1');
        if (measured.contained >= CONTAINED)
          found.push({ table: other.name, column: column.name, inferred: true, ...measured });
      }
    }
    for (const { type, id } of polymorphicPairs(other)) {
      const names = namesOf(table).map((name) => `'${name.replaceAll("'", "''")}'`);
      const where = `lower(CAST(r.${quoteName(type)} AS TEXT)) IN (${names.join(', ')})`;
      const measured = measure(other.name, id, where);
      if (measured.rows > 0 && measured.contained >= CONTAINED) {
        found.push({ table: other.name, column: `${type} + ${id}`, inferred: true, ...measured });
      }
    }
  }
  return found.sort((x, y) => y.rows - x.rows);
}

/** Columns that a constraint ties to `target`, and which of its columns; the key where the constraint names none that exists. */
function declaredColumns(table: Table, target: Table): ReadonlyMap<string, string | undefined> {
  const existing = new Map(target.columns.map(({ name }) => [name.toLowerCase(), name]));
  return new Map(
    table.foreignKeys
      .filter((fk) => fk.table.toLowerCase() === target.name.toLowerCase())
      .flatMap((fk) => fk.columns.map((column, i) => [column, existing.get(fk.parentColumns[i]?.toLowerCase() ?? '')])),
  );
}

export function namesTable(column: string, table: string): boolean {
  const name = plainName(column);
  return namesOf(table).some((word) => name === `${plainName(word)}id` || name === `${plainName(word)}ids`);
}

/** `submitted_by_user_id`, `actorUserId`: what a row is to it stands in front of the table's name. */
export function namesTableInRole(column: string, table: string): boolean {
  const name = inSnakeCase(column);
  return namesOf(inSnakeCase(table)).some((word) => name.endsWith(`_${word}_id`) || name.endsWith(`_${word}_ids`));
}

const inSnakeCase = (name: string): string => name.replace(/([a-z0-9])([A-Z])/g, '$1_$2').toLowerCase();

export function polymorphicPairs(table: Table): readonly { readonly type: string; readonly id: string }[] {
  const names = new Map(table.columns.map(({ name }) => [name.toLowerCase(), name]));
  return table.columns.flatMap(({ name }) => {
    const stem = /^(.+)_type$/i.exec(name)?.[1];
    const id = stem === undefined ? undefined : names.get(`${stem.toLowerCase()}_id`);
    return id === undefined ? [] : [{ type: name, id }];
  });
}

/** `categories`, `category`: the table's name in both numbers, as far as English spelling is regular. */
export function namesOf(table: string): readonly string[] {
  const name = table.toLowerCase();
  const others = [name.replace(/s$/, ''), name.replace(/ies$/, 'y'), name.replace(/(ss|x|ch|sh)es$/, '$1')];
  return [...new Set([name, `${name}s`, ...others])];
}
