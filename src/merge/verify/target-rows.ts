/** Every row of the target, in every table of it, is in the merged file with its values, but for those that a source won. */
import { balanced } from '../../rows/compare-sql.ts';
import type { Connection } from '../../stores/sqlite/driver.ts';
import { quoteName } from '../../stores/sqlite/quote.ts';
import type { TableSpec } from '../model.ts';
import { exactly } from './equal.ts';
import type { Found } from './found.ts';
import type { Shape } from './shapes.ts';
import { sqlText } from './translate.ts';
import { bare, equalAddresses, numbered } from './views.ts';

export interface TargetCounts {
  readonly rows: number;
  /** Of these, rows that are there under their address. */
  readonly present: number;
}

export function compareTarget(
  db: Connection,
  name: string,
  before: Shape,
  after: Shape | null,
  spec: TableSpec | undefined,
  changed: string | null,
  found: Found,
): TargetCounts {
  const rows = Number(db.row(`SELECT count(*) FROM ${before.from}`)?.[0] ?? 0);
  const here = before.columns.filter((column) => !column.generated);
  const kept = new Set(after?.columns.map((column) => column.name.toLowerCase()));
  const missing = here.filter((column) => !kept.has(column.name.toLowerCase()));
  if (after === null || missing.length > 0 || after.address.length !== before.address.length) {
    found('target-row-gone', name, null, Math.max(rows, 1), 'the table, or a column of it, is not there any more');
    return { rows, present: 0 };
  }
  const on = equalAddresses(
    after.address.map((column) => `m.${column}`),
    before.address.map((column) => `t.${column}`),
  );
  const from = `${before.from} t LEFT JOIN ${after.from} m ON ${on}`;
  const cell = (column: string): string => exactly(`t.${quoteName(column)}`, `m.${quoteName(column)}`);
  const equal = balanced(
    here.map((column) => cell(column.name)),
    'AND',
  );
  const isGone = `m.${after.address[0]} IS NULL`;
  const [gone = 0n, odd = 0n] = (db.row(
    `SELECT count(CASE WHEN ${isGone} THEN 1 END), count(CASE WHEN ${equal} THEN NULL ELSE 1 END) FROM ${from}`,
  ) ?? []) as readonly bigint[];
  found('target-row-gone', name, null, Number(gone), 'rows of the target that are not under their address any more');
  if (odd > gone) {
    const stood = here.map(({ name: column }) => {
      const position = spec?.columns.findIndex((one) => one.name.toLowerCase() === column.toLowerCase()) ?? -1;
      const now = `m.${quoteName(column)}`;
      if (changed === null || position < 0) return cell(column);
      const k = numbered('ch.k', after.address.length);
      const lines = `FROM ${changed} ch WHERE ${equalAddresses(
        k,
        bare(before.address.map((one) => `t.${one}`)),
      )} AND ch.c = ${position}`;
      const first = `CASE WHEN EXISTS (SELECT 1 ${lines}) THEN (SELECT ch.was ${lines} ORDER BY ch.part LIMIT 1) ELSE ${now} END`;
      return exactly(`t.${quoteName(column)}`, `(${first})`);
    });
    const sums = stood.map((one) => `CAST(total(NOT ${one}) AS INTEGER)`);
    const any = balanced(stood, 'AND');
    const [all = 0n, ...each] = (db.row(
      `SELECT CAST(total(NOT ${any}) AS INTEGER), ${sums.join(', ')} FROM ${from} WHERE NOT ${isGone} AND NOT ${equal}`,
    ) ?? []) as readonly bigint[];
    const names = here.filter((_, i) => (each[i] ?? 0n) > 0n).map((column) => column.name);
    found('target-row-changed', name, null, Number(all), `columns ${names.join(', ')}`);
  }
  return { rows, present: rows - Number(gone) };
}

/** What referred to nothing in the target goes on doing so. Both tables of the reference are in the target. */
export function compareGhosts(
  db: Connection,
  spec: TableSpec,
  shape: (schema: string, table: string) => Shape | null,
  surrogateOf: (table: string) => string | null,
  found: Found,
): void {
  const child = shape('tgt', spec.table);
  if (child === null) return;
  const has = (column: string): boolean =>
    child.columns.some(({ name }) => name.toLowerCase() === column.toLowerCase());
  for (const reference of spec.references) {
    const [was, is] = [shape('tgt', reference.to), shape('mrg', reference.to)];
    const surrogate = surrogateOf(reference.to);
    if (is === null || surrogate === null || !reference.columns.every(has)) continue;
    if (!reference.toColumns.some((column) => column.toLowerCase() === surrogate.toLowerCase())) continue;
    if (reference.kind === 'typed' && !has(reference.typeColumn ?? '')) continue;
    const typed =
      reference.kind === 'typed'
        ? `t.${quoteName(reference.typeColumn ?? '')} COLLATE BINARY IN (${(reference.typeValues ?? []).map(sqlText).join(', ')})`
        : '1';
    const column = `t.${quoteName(reference.columns[0] ?? '')}`;
    const isJson = reference.kind === 'json';
    const list = `CASE WHEN typeof(${column}) = 'text' AND json_valid(${column}) THEN CASE WHEN json_type(${column}) = 'array' THEN ${column} ELSE '[]' END ELSE '[]' END`;
    const from = isJson
      ? `${child.from} t JOIN json_each(${list}) e ON e.type IN ('integer', 'text')`
      : `${child.from} t`;
    const values = isJson ? ['e.value'] : reference.columns.map((one) => `t.${quoteName(one)}`);
    const leads = (to: Shape): string =>
      `EXISTS (SELECT 1 FROM ${to.from} x WHERE ${reference.toColumns.map((one, j) => `x.${quoteName(one)} = ${values[j]}`).join(' AND ')})`;
    const rows = db.row(
      `SELECT count(*) FROM ${from} WHERE ${typed} AND ${was === null ? '1' : `NOT ${leads(was)}`} AND ${leads(is)}`,
    );
    const detail = `references of ${reference.columns.join(', ')} that led nowhere lead to a row of ${reference.to}`;
    found('target-row-changed', spec.table, null, Number(rows?.[0] ?? 0), detail);
  }
}
