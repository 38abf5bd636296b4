/** The id map of a merge as CSV: key in the source, key in the target, of every row that is not where it was. In a child process. */
import { join } from 'node:path';
import { csvForm } from '../../exports/csv-form.ts';
import type { ExportForm } from '../../exports/model.ts';
import { openScratchText } from '../../stores/scratch-text.ts';
import { cellExpressions, decodeRow, type TextEncoding } from '../../stores/sqlite/cells.ts';
import type { Connection } from '../../stores/sqlite/driver.ts';
import { landings, type PartView } from '../verify/views.ts';
import type { IdMapPart, IdMapRequest } from './documents.ts';
import { eachPart } from './open-parts.ts';

const COLUMNS = ['source_key', 'target_key'];
const FORM: ExportForm = {
  format: 'csv',
  blobs: 'hex',
  oddText: 'escape',
  csv: { delimiter: ',', bom: false, eol: 'lf', nulls: '', formulas: 'as-is' },
};

/** One new file per source table, in the folder; `file` is its path. */
export function writeIdMaps({ files, filter, folder }: IdMapRequest): readonly IdMapPart[] {
  const made: IdMapPart[] = [];
  eachPart(files, filter, (db, view) => {
    const file = join(folder, `id-map-${made.length}.csv`);
    const rows = writeOne(db, view, file);
    made.push({ store: view.source, table: view.spec.table, targetTable: view.table.table, file, rows });
    return true;
  });
  return made;
}

function writeOne(db: Connection, view: PartView, file: string): number {
  const form = csvForm(FORM, COLUMNS);
  const encoding = String(db.row('PRAGMA encoding')?.[0] ?? 'UTF-8') as TextEncoding;
  const queries = landings(view).map(({ from, where, own, there, presence }) => {
    const [old, now] = [asKey(own), asKey(there)];
    const moved = `(${presence} IN (2, 3) OR (${presence} = 1 AND ${now} IS NOT ${old}))`;
    const order = own.map((one, i) => `${one} AS o${i}`);
    return `SELECT ${old} AS source_key, ${now} AS target_key, ${order.join(', ')} FROM ${from} WHERE ${where} AND ${moved}`;
  });
  const order = view.src.address.map((_, i) => `o${i}`);
  const out = openScratchText(file);
  let rows = 0;
  try {
    out.add(form.head);
    const sql = `SELECT ${cellExpressions(COLUMNS)} FROM (${queries.join(' UNION ALL ')}) ORDER BY ${order.join(', ')}`;
    for (const cells of db.each(sql)) {
      out.add(form.line(decodeRow(cells, COLUMNS.length, encoding)));
      rows++;
    }
  } finally {
    out.close();
  }
  return rows;
}

/** Several columns become an array; bytes in it are their hex digits. As `desprawl_id_map` has it. */
function asKey(columns: readonly string[]): string {
  if (columns.length === 1) return columns[0] ?? 'NULL';
  return `json_array(${columns.map((one) => `iif(typeof(${one}) = 'blob', hex(${one}), ${one})`).join(', ')})`;
}
