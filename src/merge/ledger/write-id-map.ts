/**
 * The id map: old address → new address, one CSV per source table. Rows that met another one always stand in it, inserted ones where their
 * address is another; retained ones are nowhere. Streamed from the ledger and the source.
 */
import { join } from 'node:path';
import { csvForm } from '../../exports/csv-form.ts';
import { jsonlForm } from '../../exports/jsonl-form.ts';
import type { Row, Value } from '../../rows/value.ts';
import { openScratchText } from '../../stores/scratch-text.ts';
import { cellExpressions, decodeRow } from '../../stores/sqlite/cells.ts';
import { type Connection, fileUri } from '../../stores/sqlite/driver.ts';
import { shapeOf } from '../verify/shapes.ts';
import { landings, numbered } from '../verify/views.ts';
import { EXACT } from './exact-form.ts';
import type { IdMapFile } from './model.ts';
import { type LedgerPart, ledgerParts } from './parts.ts';

const KEYS = ['source_key', 'target_key'];

export function writeIdMap(
  db: Connection,
  merged: string,
  sources: Readonly<Record<string, string>>,
  to: string,
): readonly IdMapFile[] {
  db.rows('ATTACH ? AS mrg', fileUri(merged, 'immutable'));
  const files: IdMapFile[] = [];
  for (const [path, file] of Object.entries(sources)) {
    db.rows('ATTACH ? AS src', fileUri(file, 'immutable'));
    for (const part of ledgerParts(db)) {
      if (part.store !== path) continue;
      const name = join(to, `${part.part}.csv`);
      const { stated: _, ...about } = part;
      files.push({ ...about, file: name, rows: writePart(db, part, name) });
    }
    db.exec('DETACH src');
  }
  return files.sort((x, y) => x.part - y.part);
}

function writePart(db: Connection, { part, sourceTable, table }: LedgerPart, to: string): number {
  const [src, mrg] = [shapeOf(db, 'src', sourceTable), shapeOf(db, 'mrg', table)];
  const form = csvForm({ ...EXACT, format: 'csv' }, KEYS);
  const out = openScratchText(to);
  let rows = 0;
  try {
    out.add(form.head);
    if (src === null || mrg === null) return 0;
    const listed = Number(db.row(`SELECT count(*) FROM led.rows_${part}`)?.[0] ?? 0);
    const spans = !src.withoutRowid && !mrg.withoutRowid;
    for (const { from, where, own, there, presence } of landings({ at: part, src, mrg, spans, listed })) {
      const names = [...numbered('o', own.length), ...numbered('k', there.length)];
      const cells = [...own, ...there].map((one, i) => `${one} AS ${names[i]}`);
      const isElsewhere =
        own.length === there.length ? `NOT (${own.map((one, i) => `+${one} IS +${there[i]}`).join(' AND ')})` : '1';
      const wanted = presence === '1' ? isElsewhere : `(r.presence IN (2, 3) OR (r.presence = 1 AND ${isElsewhere}))`;
      const sql = `SELECT ${cellExpressions(names)} FROM (SELECT ${cells.join(', ')} FROM ${from} WHERE ${where} AND ${wanted})`;
      for (const line of db.each(sql)) {
        const values = decodeRow(line, names.length, 'UTF-8');
        out.add(form.line([keyOf(values.slice(0, own.length)), keyOf(values.slice(own.length))]));
        rows++;
      }
    }
    return rows;
  } finally {
    out.close();
  }
}

const LIST = jsonlForm(EXACT, ['']);

/** Several columns are an array. */
function keyOf(address: Row): Value {
  if (address.length === 1) return address[0] ?? null;
  return `[${address.map((value) => LIST.line([value]).trimEnd().slice('{"":'.length, -1)).join(',')}]`;
}
