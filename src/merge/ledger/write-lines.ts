/**
 * Lines of a ledger as JSON Lines: what is unexceptional as ranges, what is not row by row, with what differed. Values are written
 * exactly and only where they were asked for.
 */
import { jsonlForm } from '../../exports/jsonl-form.ts';
import { BrokenText, type Value } from '../../rows/value.ts';
import { openScratchText } from '../../stores/scratch-text.ts';
import { cellExpressions, decodeRow } from '../../stores/sqlite/cells.ts';
import type { Connection } from '../../stores/sqlite/driver.ts';
import { PRESENCE, WINNER } from '../ledger-schema.ts';
import type { MergeSpec } from '../model.ts';
import { EXACT } from './exact-form.ts';
import type { LineFilter } from './model.ts';
import { addressOf, type LedgerPart, ledgerParts } from './parts.ts';

export function writeLines(db: Connection, filter: LineFilter, to: string): { written: number; more: boolean } {
  const out = openScratchText(to);
  let written = 0;
  try {
    const spec = JSON.parse(String(db.row('SELECT spec FROM led.ledger')?.[0] ?? '{}')) as MergeSpec;
    for (const part of ledgerParts(db)) {
      if (filter.table !== undefined && part.table !== filter.table) continue;
      for (const line of linesOf(db, part, spec, filter)) {
        if (written === filter.most) return { written, more: true };
        out.add(`${line}\n`);
        written++;
      }
    }
    return { written, more: false };
  } finally {
    out.close();
  }
}

function* linesOf(db: Connection, part: LedgerPart, spec: MergeSpec, filter: LineFilter): Iterable<string> {
  const { store, sourceTable, table } = part;
  const base = JSON.stringify({ store, sourceTable, table }).slice(1, -1);
  const isWanted = filter.presence === undefined || filter.presence === 'inserted';
  if (isWanted && filter.differs !== true) {
    const spans = 'SELECT first, last, offset FROM led.spans WHERE part = ? ORDER BY first';
    for (const [first, last, offset] of db.each(spans, BigInt(part.part))) {
      yield `{${base},"presence":"inserted","first":${first},"last":${last},"offset":${offset}}`;
    }
  }
  const o = addressOf(db, `rows_${part.part}`, 'o');
  const k = addressOf(db, `rows_${part.part}`, 'k');
  const conditions = [
    filter.presence === undefined ? '1' : `presence = ${PRESENCE[filter.presence]}`,
    filter.differs === true
      ? `EXISTS (SELECT 1 FROM led.differs_${part.part} d WHERE ${o.map((one) => `d.${one} = r.${one}`).join(' AND ')})`
      : '1',
  ];
  const columns = [...o, ...k, 'presence', 'rule_name', 'rule_detail'];
  const rows = `SELECT ${cellExpressions(columns)} FROM (SELECT r.*, u.name AS rule_name, u.detail AS rule_detail
    FROM led.rows_${part.part} r LEFT JOIN led.rules u ON u.rule = r.rule
    WHERE ${conditions.join(' AND ')} ORDER BY ${o.map((one) => `r.${one}`).join(', ')})`;
  const names = Object.entries(PRESENCE);
  const columnNames = spec.tables.find((one) => one.table === table)?.columns.map(({ name }) => name) ?? [];
  for (const cells of db.each(rows)) {
    const line = decodeRow(cells, columns.length, 'UTF-8');
    const own = line.slice(0, o.length);
    const there = line.slice(o.length, o.length + k.length);
    const [presence, rule, detail] = line.slice(-3);
    const name = names.find(([, number]) => BigInt(number) === presence)?.[0] ?? '';
    const target = presence === 4n ? 'null' : keyText(there, filter.values);
    const differs = presence === 3n ? differing(db, part.part, o, own, columnNames, filter.values) : [];
    const why =
      rule === null
        ? ''
        : `,"rule":${JSON.stringify(rule)}${detail === null ? '' : `,"detail":${JSON.stringify(detail)}`}`;
    const list = differs.length === 0 ? '' : `,"differs":[${differs.join(',')}]`;
    yield `{${base},"presence":"${name}","row":${keyText(own, filter.values)},"target":${target}${why}${list}}`;
  }
}

/** Bound and cast, so that a key is found whatever it is. */
function differing(
  db: Connection,
  part: number,
  o: readonly string[],
  own: readonly (Value | undefined)[],
  names: readonly string[],
  values: boolean,
): readonly string[] {
  const columns = ['column', 'won', 'lost', 'winner', 'rule_name'];
  const isText = (value: Value | undefined): boolean => typeof value === 'string' || value instanceof BrokenText;
  const bound = own.map((value) =>
    typeof value === 'string' ? Buffer.from(value, 'utf8') : value instanceof BrokenText ? value.bytes : value,
  );
  const where = o.map((one, i) => `d.${one} = ${isText(own[i]) ? 'CAST(? AS TEXT)' : '?'}`).join(' AND ');
  const sql = `SELECT ${cellExpressions(columns)} FROM (SELECT d.*, u.name AS rule_name FROM led.differs_${part} d
    LEFT JOIN led.rules u ON u.rule = d.rule WHERE ${where} ORDER BY d."column")`;
  return db.rows(sql, ...(bound as never[])).map((cells) => {
    const [column, won, lost, winner, rule] = decodeRow(cells, columns.length, 'UTF-8');
    const told = JSON.stringify({
      column: names[Number(column)] ?? String(column),
      winner: winner === BigInt(WINNER.source) ? 'source' : 'target',
      rule,
    });
    return values ? `${told.slice(0, -1)},"won":${cellText(won)},"lost":${cellText(lost)}}` : told;
  });
}

const FORM = jsonlForm(EXACT, ['v']);

/** As an export writes it. */
function cellText(value: Value | undefined): string {
  return FORM.line([value ?? null])
    .trimEnd()
    .slice('{"v":'.length, -1);
}

/** A number says nothing of anybody; any other key may be an e-mail. */
function keyText(address: readonly (Value | undefined)[], values: boolean): string {
  return `[${address.map((value) => (values || typeof value === 'bigint' ? cellText(value) : 'null')).join(',')}]`;
}
