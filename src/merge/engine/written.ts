/**
 * SQL of what is written for a row of a source, column by column: a new number where its own is taken, where a reference's row went, the
 * form in which the target writes it. `alias` names the source's row.
 */
import { asInteger, asStored } from '../../rows/affinity-sql.ts';
import { quoteName } from '../../stores/sqlite/quote.ts';
import type { ReferenceSpec } from '../model.ts';
import { asWritten, changes, inForm, insertedRowid, integerOf, mayChange, newRowid, raw } from './cells.ts';
import { isLine, isTargetRow, oldOf, type Part, rowsOf } from './model.ts';
import { addressSql, findColumn } from './shape.ts';
import { isByNumber, isOfType, lookUp, parentOf, sqlText, storeOf } from './way.ts';

/** References that lead through keys that are references themselves: no schema has more of them in a row. */
const DEEPEST = 8;

/** What is in the column of the target once the row is there. */
export function written(part: Part, column: string, alias: string): string {
  if (column === part.target.spec.surrogate) return surrogate(part, alias);
  const value = followed(part, column, alias);
  if (!mayChange(part, column)) return value;
  const to = findColumn(part.target.shape, column)?.affinity ?? 'blob';
  // What cannot be stored as it is stays what it is: it is equal to nothing there, and never inserted.
  return `CASE WHEN ${changes(part, column, alias)} THEN ${value} ELSE ${asStored(`(${value})`, to)} END`;
}

/** The loser is kept as its store has it; a reference only means something translated. */
export function asInStore(part: Part, column: string, alias: string): string {
  const refers = part.target.spec.references.some(({ columns }) => columns.includes(column));
  return refers ? written(part, column, alias) : (raw(part, column, alias) ?? 'NULL');
}

/** The number of an inserted row. */
function surrogate(part: Part, alias: string): string {
  const { target, state } = part;
  const address = addressSql(part.shape, alias);
  if (target.shape.rowidColumn === target.spec.surrogate) return insertedRowid(part, address);
  const own = inForm(part, target.spec.surrogate ?? '', alias);
  if (!state.renumbered) return own;
  const isThis = oldOf(part).map((name, i) => `n.${name} = +${address[i]}`);
  return `coalesce((SELECT n.new FROM temp.renumbered_${part.number} n WHERE ${isThis.join(' AND ')}), ${own})`;
}

/** The first reference that leads to a row counts; one that leads to none goes on doing so. */
function followed(part: Part, column: string, alias: string): string {
  const value = raw(part, column, alias);
  const references = part.target.spec.references.filter(({ columns }) => columns.includes(column));
  if (value === null || references.length === 0 || alias.length > DEEPEST) return inForm(part, column, alias);
  const found = [
    ...references.map((reference) => leads(part, reference, column, alias)),
    ...references.map((reference) => leadsNowhere(part, reference, column, alias)),
  ].filter((one) => one !== null);
  // Text that is a key is not empty, whatever an empty text means otherwise.
  if (hasEmpty(part, column)) {
    const own = references.flatMap((reference) => leadsToTarget(part, reference, value, alias) ?? []);
    const all = [...found, ...own, asWritten(part, column, value)];
    return all.length === 1 ? (all[0] ?? value) : `coalesce(${all.join(', ')})`;
  }
  return asWritten(part, column, found.length === 0 ? value : `coalesce(${[...found, value].join(', ')})`);
}

/** The value where a row of the target has it for its key; `null`: the column holds ids of another store. */
function leadsToTarget(part: Part, reference: ReferenceSpec, value: string, alias: string): string | null {
  const to = storeOf(part, reference) === 'target' ? part.targetOf(reference.to) : undefined;
  if (to === undefined) return null;
  const isKey = reference.columns.map(
    (column, i) => `m.${quoteName(reference.toColumns[i] ?? '')} = ${raw(part, column, alias) ?? 'NULL'}`,
  );
  const found = `(SELECT ${value} FROM ${to.shape.sql} m WHERE ${isKey.join(' AND ')} LIMIT 1)`;
  return isOfType(part, reference, alias, found);
}

function hasEmpty(part: Part, column: string): boolean {
  const source = part.spec.columns[column];
  return source !== undefined && 'from' in source && source.form === 'empty-is-null';
}

/** The value where it leads to a row, else NULL. `null`: this reference leads nowhere at all. */
export function leads(part: Part, reference: ReferenceSpec, column: string, alias: string): string | null {
  const value = raw(part, column, alias) ?? 'NULL';
  if (reference.kind === 'json') return ofArray(part, reference, value, alias);
  const found = leadsTo(part, reference, column, alias, value, integerOf(part, column, alias));
  return found === null ? null : isOfType(part, reference, alias, found);
}

function leadsTo(
  part: Part,
  reference: ReferenceSpec,
  column: string,
  alias: string,
  value: string,
  integer: string,
): string | null {
  const parent = parentOf(part, reference);
  if (parent === undefined) return null;
  if (isByNumber(parent, reference)) {
    if (parent.state.offset === 0n && !parent.state.listed) {
      if (!hasGhosts(part, reference)) return value;
      // A ghost of another store's table may have the number of a row of this one.
      return part.spec.idsOf === undefined ? null : `CASE WHEN ${isNumberIn(parent, integer)} THEN ${value} END`;
    }
    const ghost = hasGhosts(part, reference) ? ` AND ${isSomebody(part, parent, reference, integer)}` : '';
    const moved = newRowid(parent, ['w.old']);
    const typed = inTypeOf(value, 'w.n', 'w.old');
    return `(SELECT ${typed} FROM (SELECT w.old, ${moved} AS n FROM (SELECT ${integer} AS old) w) w WHERE w.old IS NOT NULL${ghost})`;
  }
  const way = lookUp(part, parent, reference, alias, reference.kind === 'json' ? value : null);
  const to = reference.toColumns[reference.columns.indexOf(column)] ?? '';
  const old = raw(parent, to, way?.alias ?? '');
  if (way === null || old === null) return null;
  const fresh = written(parent, to, way.alias);
  const met = `SELECT m.${quoteName(to)} FROM ${parent.target.shape.sql} m WHERE ${isTargetRow(parent, 'r', 'm')}`;
  const [now, join] = parent.state.listed
    ? [
        `CASE WHEN r.presence IN (2, 3) THEN (${met}) ELSE ${fresh} END`,
        ` LEFT JOIN ${rowsOf(parent)} r ON ${isLine(parent, 'r', way.alias)}`,
      ]
    : [fresh, ''];
  return `(SELECT ${inTypeOf(value, 'w.n', 'w.old')} FROM (SELECT ${now} AS n, ${old} AS old FROM ${way.from}${join} WHERE ${way.where}${way.order} LIMIT 1) w)`;
}

/** What leads nowhere in one store may be the number of a row in another one, where references of one table mean two of them. */
function isSomebody(part: Part, parent: Part, reference: ReferenceSpec, integer: string): string {
  return part.spec.idsOf === undefined
    ? `NOT EXISTS (SELECT 1 ${ghostOf(part, reference, integer)})`
    : isNumberIn(parent, 'w.old');
}

function isNumberIn({ shape }: Part, integer: string): string {
  return `EXISTS (SELECT 1 FROM ${shape.sql} e WHERE e.${quoteName(shape.rowidColumn ?? '')} = ${integer})`;
}

/** A key that did not change stays as it is written; another one is written in the type of the old value. */
function inTypeOf(value: string, fresh: string, old: string): string {
  return `CASE WHEN ${fresh} IS ${old} COLLATE BINARY THEN ${value} WHEN typeof(${fresh}) = 'integer' AND typeof(${value}) = 'text' THEN CAST(${fresh} AS TEXT) WHEN typeof(${fresh}) = 'integer' AND typeof(${value}) = 'real' THEN CAST(${fresh} AS REAL) ELSE ${fresh} END`;
}

/** The text of an array, with what its ids have become; NULL where nothing changes. */
function ofArray(part: Part, reference: ReferenceSpec, value: string, alias: string): string | null {
  const integer = asInteger('j.value');
  const [column = ''] = reference.columns;
  const element = `${alias}j`;
  const inner = leadsTo(part, reference, column, element, 'j.value', integer);
  const ghost = hasGhosts(part, reference) ? `(SELECT CAST(g.new AS TEXT) ${ghostOf(part, reference, integer)})` : null;
  const found = [inner, ghost].filter((one) => one !== null);
  if (found.length === 0) return null;
  const now = found.length === 1 ? found[0] : `coalesce(${found.join(', ')})`;
  const map = `SELECT json_group_object(a.value, CAST(a.n AS TEXT)) FROM (SELECT j.value, ${now} AS n FROM json_each(json_ids(${value}, octet_length(${value}))) j) a WHERE a.n IS NOT NULL`;
  return isOfType(part, reference, alias, `json_put_ids(${value}, (${map}), octet_length(${value}))`);
}

/** Numbers of the target's own rows stay what they are. */
function hasGhosts(part: Part, reference: ReferenceSpec): boolean {
  return storeOf(part, reference) !== 'target' && part.state.ghosts.has(reference.to);
}

function ghostOf(part: Part, reference: ReferenceSpec, integer: string): string {
  return `FROM ledger.ghosts g WHERE g.target_table = ${sqlText(reference.to)} AND g.part = ${part.number} AND g.old = ${integer}`;
}

/** A ghost among numbers that had to give way. */
function leadsNowhere(part: Part, reference: ReferenceSpec, column: string, alias: string): string | null {
  const to = reference.toColumns[reference.columns.indexOf(column)];
  if (reference.kind === 'json' || !hasGhosts(part, reference)) return null;
  const parent = parentOf(part, reference);
  if (to !== (parent?.target.spec.surrogate ?? part.surrogates.get(reference.to))) return null;
  const value = raw(part, column, alias) ?? 'NULL';
  const integer = integerOf(part, column, alias);
  return isOfType(
    part,
    reference,
    alias,
    `(SELECT ${inTypeOf(value, 'g.new', 'g.old')} ${ghostOf(part, reference, integer)})`,
  );
}
