/** Rows of a ledger one by one: where each came from, where it is, what of it differed. In a child process. */
import { decodeRow, type TextEncoding } from '../../stores/sqlite/cells.ts';
import type { Connection, SqlValue } from '../../stores/sqlite/driver.ts';
import { PRESENCE, WINNER } from '../ledger-schema.ts';
import type { Shape } from '../verify/shapes.ts';
import { equalAddresses, type Landing, landings, numbered, type PartView } from '../verify/views.ts';
import type { Address, Difference, LedgerRow, LedgerRowsRequest, Presence } from './documents.ts';
import { eachPart } from './open-parts.ts';
import { shownCell } from './shown-cell.ts';

/** In the order of the ledger's parts, each in that of its addresses; at most `limit`. */
export function ledgerRows(request: LedgerRowsRequest): readonly LedgerRow[] {
  const found: LedgerRow[] = [];
  eachPart(request.files, request.filter, (db, view) => {
    if (found.length >= request.limit) return false;
    const encoding = String(db.row('PRAGMA encoding')?.[0] ?? 'UTF-8') as TextEncoding;
    for (const row of rowsOf(db, view, request, encoding)) {
      found.push(row);
      if (found.length >= request.limit) return false;
    }
    return true;
  });
  return found;
}

function* rowsOf(
  db: Connection,
  view: PartView,
  { filter, limit, showValues }: LedgerRowsRequest,
  encoding: TextEncoding,
): Iterable<LedgerRow> {
  const from = numbered('o', view.src.address.length);
  const to = numbered('k', view.mrg.address.length);
  const names = [...from, ...to];
  const parts = landings(view).flatMap((landing) => queryOf(view, landing, filter.presence, filter.differs) ?? []);
  if (parts.length === 0) return;
  const sql = `SELECT presence, rule, ${exact(names)} FROM (${parts.join(' UNION ALL ')}) ORDER BY ${from.join(', ')} LIMIT ${Math.ceil(limit)}`;
  const ruleOf = (rule: SqlValue): readonly SqlValue[] =>
    rule === null ? [] : (db.row('SELECT name, detail FROM led.rules WHERE rule = ?', rule) ?? []);
  const [hideFrom, hideTo] = showValues ? [[], []] : [hiddenOf(view, 'source'), hiddenOf(view, 'target')];
  for (const [presence, rule = null, ...cells] of db.each(sql)) {
    const row = decodeRow(cells, names.length, encoding);
    const is = presenceOf(presence ?? null);
    const [name, detail] = ruleOf(rule);
    const own = row.slice(0, from.length);
    yield {
      store: view.source,
      sourceTable: view.spec.table,
      table: view.table.table,
      source: addressOf(labelsOf(view.src, view.isText), own.map(shownCell), hideFrom),
      target: is === 'retained' ? null : addressOf(labelsOf(view.mrg), row.slice(from.length).map(shownCell), hideTo),
      presence: is,
      rule: typeof name === 'string' ? name : null,
      detail: typeof detail === 'string' ? detail : null,
      differs:
        is === 'merged'
          ? differencesOf(db, view, cells.slice(0, from.length), String(cells.at(-1)), showValues, encoding)
          : [],
    };
  }
}

/** `null`: it has none of them. */
function queryOf(view: PartView, landing: Landing, presence: Presence | null, differs: boolean): string | null {
  const isListed = landing.presence !== '1';
  if (!isListed && (differs || (presence !== null && presence !== 'inserted'))) return null;
  const from = landing.own.map((one, i) => `${one} AS o${i}`);
  const to = landing.there.map((one, i) => `${one} AS k${i}`);
  const where = [
    landing.where,
    ...(isListed && presence !== null ? [`r.presence = ${PRESENCE[presence]}`] : []),
    ...(differs
      ? [
          `EXISTS (SELECT 1 FROM led.differs_${view.at} d WHERE ${equalAddresses(numbered('d.o', landing.own.length), landing.own)})`,
        ]
      : []),
  ];
  const rule = isListed ? 'r.rule' : 'NULL';
  return `SELECT ${landing.presence} AS presence, ${rule} AS rule, ${[...from, ...to].join(', ')} FROM ${landing.from} WHERE ${where.join(' AND ')}`;
}

/** The driver cuts text at its first NUL: it travels as bytes, its kind beside it. */
function exact(names: readonly string[]): string {
  const cells = names.map((name) => `iif(typeof(${name}) = 'text', CAST(${name} AS BLOB), ${name})`);
  return [...cells, names.map((name) => `substr(typeof(${name}), 1, 1)`).join(' || ')].join(', ');
}

function presenceOf(value: SqlValue): Presence {
  const known = Object.entries(PRESENCE).find(([, number]) => BigInt(number) === value);
  return (known?.[0] ?? 'inserted') as Presence;
}

/** `own`: as they came, text as bytes; `kinds`: a letter for each. */
function differencesOf(
  db: Connection,
  view: PartView,
  own: readonly SqlValue[],
  kinds: string,
  showValues: boolean,
  encoding: TextEncoding,
): readonly Difference[] {
  const address = numbered('d.o', own.length).map(
    (name, i) => `${name} = ${kinds[i] === 't' ? 'CAST(? AS TEXT)' : '?'}`,
  );
  const rows = db.rows(
    `SELECT d."column", d.winner, u.name, ${exact(['d.won', 'd.lost'])} FROM led.differs_${view.at} d JOIN led.rules u USING (rule) WHERE ${address.join(' AND ')} ORDER BY 1`,
    ...own,
  );
  return rows.map(([column, winner, rule, ...cells]) => {
    const [won = null, lost = null] = decodeRow(cells, 2, encoding).map(shownCell);
    return {
      column: view.table.columns[Number(column)]?.name ?? '',
      winner: winner === BigInt(WINNER.source) ? 'source' : 'target',
      rule: String(rule),
      ...(showValues ? { won, lost } : {}),
    };
  });
}

/** Names of the columns of an address. */
function labelsOf(shape: Shape, isText = false): readonly string[] {
  if (isText) return ['record'];
  if (!shape.withoutRowid) return [shape.rowidColumn ?? 'rowid'];
  return shape.address.map((quoted) => quoted.slice(1, -1).replaceAll('""', '"'));
}

/** Columns that mean something outside of their table, and may be personal: all but numbers that only number the rows. */
function hiddenOf(view: PartView, side: 'source' | 'target'): readonly string[] {
  const shape = side === 'source' ? view.src : view.mrg;
  if (side === 'source' && view.isText) return [];
  const { surrogate } = view.table;
  const from = surrogate === null ? undefined : view.spec.columns[surrogate];
  const counted = side === 'target' ? surrogate : from !== undefined && 'from' in from ? from.from : null;
  // A rowid that has no name of its own is nobody's.
  const own = shape.withoutRowid || shape.rowidColumn !== null ? null : 'rowid';
  return labelsOf(shape).filter((label) => label !== counted && label !== own);
}

function addressOf(labels: readonly string[], cells: readonly Address[string][], hidden: readonly string[]): Address {
  return Object.fromEntries(labels.map((label, i) => [label, hidden.includes(label) ? null : (cells[i] ?? null)]));
}
