/**
 * What a file has that its successor would not have (trap X4): both are put into a scratch database, cell by cell in one spelling, and
 * compared there. In a child process. It counts and never tells a value.
 */
import { BrokenText, type Value } from '../rows/value.ts';
import { openReader } from '../stores/kinds.ts';
import { UnreadableStore } from '../stores/reader.ts';
import { type Connection, openConnection, type SqlValue } from '../stores/sqlite/driver.ts';
import { bytesText, numberOf } from './exact-text.ts';
import type { ExportForm, ExportSpec, Lost, LostColumn, Refused } from './model.ts';
import { rowForm } from './row-form.ts';
import { selectRows } from './select-rows.ts';
import { onSnapshot } from './write-rows.ts';

export interface LostRequest {
  /** A snapshot that nobody writes to. */
  readonly file: string;
  readonly spec: ExportSpec;
  /** The file as it is. */
  readonly old: string;
  /** A new scratch file. */
  readonly to: string;
}

/** SQLite takes 2,000 columns, one of which is the key. */
const MOST_COLUMNS = 1_900;
/** Columns that are asked for at once. */
const TOGETHER = 400;

/** Throws `UnreadableStore` where the store, or the old file, cannot be read. */
export async function lostRows({ file, spec, old, to }: LostRequest): Promise<Lost | Refused> {
  const reader = await openReader({ file: old, kind: spec.form.format });
  const db = openConnection(to, 'create');
  try {
    // The file is ours and made anew after any failure: durability would only cost time.
    db.exec('PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; BEGIN');
    const options = { sampleRows: 0, digestRows: 0, integrity: false, freshness: false, now: 0 };
    const { tables } = await reader.contents(options);
    const table = tables[0];
    const names = table?.columns.map(({ name }) => name) ?? [];
    if (names.length > MOST_COLUMNS) throw new UnreadableStore('unsupported', `it has ${names.length} columns`);
    const cells = names.map((_, i) => `c${i}`);
    db.exec(`CREATE TABLE old (k${cells.map((cell) => `, ${cell}`).join('')})`);
    const insert = db.prepare(`INSERT INTO old VALUES (NULL${', ?'.repeat(names.length)})`);
    if (table !== undefined)
      for await (const row of reader.rows(table)) insert(...row.map((value) => spelled(value, spec.form)));
    return onSnapshot(file, (store) => compare(db, names, store, spec));
  } finally {
    db.close();
    reader.close();
  }
}

function compare(db: Connection, names: readonly string[], store: Connection, spec: ExportSpec): Lost {
  const { columns, key, rows } = selectRows(store, spec);
  const form = rowForm(
    spec.form,
    columns.map(({ name }) => name),
  );
  const at = (name: string): number => {
    const exact = names.indexOf(name);
    return exact >= 0 ? exact : names.findIndex((one) => one.toLowerCase() === name.toLowerCase());
  };
  /** Columns of both: position in the file, position in the export. */
  const common = columns.flatMap(({ name }, own) => (at(name) < 0 ? [] : [{ own, there: at(name) }]));
  const isKeyed = key.length > 0 && key.every((name) => at(name) >= 0);
  const told = isKeyed ? common.filter(({ own }) => key.includes(columns[own]?.name ?? '')) : common;
  db.exec(`CREATE TABLE new (k${common.map(({ there }) => `, c${there}`).join('')})`);
  const insert = db.prepare(`INSERT INTO new VALUES (NULL${', ?'.repeat(common.length)})`);
  for (const row of rows()) insert(...common.map(({ own }) => spelled(form.readBack(row[own] ?? null), spec.form)));
  const name = `json_array(${told.map(({ there }) => `c${there}`).join(', ')})`;
  for (const side of ['old', 'new']) db.exec(`UPDATE ${side} SET k = ${name}; CREATE INDEX ${side}_k ON ${side} (k)`);
  const [rowsInFile, rowsInExport] = [number(db, 'SELECT count(*) FROM old'), number(db, 'SELECT count(*) FROM new')];
  const lost = common.length === 0 ? rowsInFile : rowsLost(db);
  return {
    rowsInFile,
    rowsInExport,
    by: isKeyed ? key : null,
    rows: lost,
    columns: [
      ...onlyInFile(db, names, new Set(common.map(({ there }) => there))),
      ...differing(
        db,
        common.map(({ there }) => ({ name: names[there] ?? '', cell: `c${there}` })),
        isKeyed,
        lost,
      ),
    ],
  };
}

/** Each key as often as the file has it more often than the export. */
function rowsLost(db: Connection): number {
  return number(
    db,
    `SELECT coalesce(sum(max(0, o.n - coalesce(w.n, 0))), 0) FROM (SELECT k, count(*) AS n FROM old GROUP BY k) AS o
       LEFT JOIN (SELECT k, count(*) AS n FROM new GROUP BY k) AS w ON w.k = o.k`,
  );
}

function onlyInFile(db: Connection, names: readonly string[], common: ReadonlySet<number>): readonly LostColumn[] {
  const own = names.flatMap((name, i) => (common.has(i) ? [] : [{ name, cell: `c${i}` }]));
  const counts = asked(db, own, ({ cell }) => [`count(${cell})`], 'old');
  return own.flatMap(({ name }, i): readonly LostColumn[] => {
    const count = Number(counts[i] ?? 0);
    return count === 0 ? [] : [{ name, is: 'column', count }];
  });
}

interface Cell {
  readonly name: string;
  readonly cell: string;
}

function differing(db: Connection, common: readonly Cell[], isKeyed: boolean, lost: number): readonly LostColumn[] {
  const pairs = isKeyed
    ? asked(
        db,
        common,
        ({ cell }) => [
          `coalesce(sum(o.${cell} IS NOT NULL AND w.${cell} IS NULL), 0)`,
          `coalesce(sum(o.${cell} <> w.${cell}), 0)`,
        ],
        'old AS o JOIN new AS w ON w.k = o.k',
      )
    : [];
  const kinds = (side: string): readonly SqlValue[] =>
    asked(db, common, ({ cell }) => [`count(DISTINCT ${cell})`], side);
  const [before, after] = [kinds('old'), kinds('new')];
  return common.flatMap(({ name }, i): readonly LostColumn[] => {
    const [emptied, changed] = [Number(pairs[2 * i] ?? 0), Number(pairs[2 * i + 1] ?? 0)];
    const several = Number(before[i] ?? 0);
    const isFlat = several > 1 && Number(after[i] ?? 0) === 1 && (isKeyed ? emptied + changed : lost) > 0;
    return [
      ...(emptied === 0 ? [] : [{ name, is: 'values' as const, count: emptied }]),
      ...(isFlat ? [{ name, is: 'one value' as const, count: several }] : []),
      ...(changed === 0 || isFlat ? [] : [{ name, is: 'changed' as const, count: changed }]),
    ];
  });
}

/** One pass for many columns. */
function asked(
  db: Connection,
  cells: readonly Cell[],
  terms: (cell: Cell) => readonly string[],
  from: string,
): readonly SqlValue[] {
  const found: SqlValue[] = [];
  for (let i = 0; i < cells.length; i += TOGETHER) {
    const some = cells.slice(i, i + TOGETHER).flatMap(terms);
    found.push(...(db.row(`SELECT ${some.join(', ')} FROM ${from}`) ?? []));
  }
  return found;
}

function number(db: Connection, sql: string): number {
  return Number(db.row(sql)?.[0] ?? 0);
}

/** In one spelling, whoever wrote it; NULL where there is nothing. */
function spelled(value: Value, form: ExportForm): string | null {
  if (value === null) return null;
  switch (typeof value) {
    case 'bigint':
      return String(value);
    case 'number':
      return plainNumber(value);
    case 'boolean':
      return value ? '1' : '0';
    case 'string':
      return spelledText(value, form);
  }
  const isBroken = value instanceof BrokenText;
  const tag = isBroken ? 'broken-base64' : form.blobs;
  const text = bytesText(isBroken ? value.bytes : value, isBroken ? 'base64' : form.blobs);
  return form.format === 'csv' ? `${tag}:${text}` : `{"${tag}":"${text}"}`;
}

function spelledText(text: string, { csv }: ExportForm): string | null {
  if (text === '' || text === csv.nulls) return null;
  // The driver cuts text there.
  if (text.includes('\0')) return text.replaceAll('\0', '\\0');
  if (/^(?:true|false)$/i.test(text)) return /^t/i.test(text) ? '1' : '0';
  if (numberOf(text) !== null && /^-?\d+$/.test(text)) return text;
  // 0.50 is 0.5; 007 is no number, and neither is what a double would round.
  const isReal = /^-?(?:0|[1-9]\d*)\.\d+(?:e[+-]?\d+)?$/i.test(text) && text.length <= 17;
  return isReal ? plainNumber(Number(text)) : text;
}

/** 1.0 is 1. */
function plainNumber(value: number): string {
  return Object.is(value, -0) ? '0' : String(value);
}
