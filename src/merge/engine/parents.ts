/** Where the rows of a source lead: to one that is retained, or to one of which it is not known yet where it will be. */
import { asInteger } from '../../rows/affinity-sql.ts';
import type { ReferenceSpec } from '../model.ts';
import { integerOf, raw } from './cells.ts';
import { isLine, type Part, rowsOf } from './model.ts';
import { isByNumber, isOfType, lookUp, parentOf } from './way.ts';
import { leads } from './written.ts';

/** Condition on a row: something that it refers to is retained. `null`: nothing is. */
export function leadsToRetained(part: Part, alias: string): string | null {
  return anyParent(part, part.target.spec.references, alias, (parent, found) =>
    parent.state.retained === 0 ? null : `EXISTS (SELECT 1 FROM ${found} AND r.presence = 4)`,
  );
}

/** Condition on a row: in these columns it refers to a row of one of these parts that has met none. */
export function leadsToUnmet(
  part: Part,
  among: readonly Part[],
  columns: readonly string[],
  alias: string,
): string | null {
  const references = part.target.spec.references.filter((one) => one.columns.some((name) => columns.includes(name)));
  return anyParent(part, references, alias, (parent, _, row) =>
    among.includes(parent)
      ? `EXISTS (SELECT 1 FROM ${row} AND NOT EXISTS (SELECT 1 FROM ${rowsOf(parent)} r WHERE ${isLine(parent, 'r', `${alias}p`)} AND r.presence IN (2, 3)))`
      : null,
  );
}

/** `found`: the row and what the ledger says of it; `row`: the row alone. Both end in a condition. */
function anyParent(
  part: Part,
  references: readonly ReferenceSpec[],
  alias: string,
  asked: (parent: Part, found: string, row: string) => string | null,
): string | null {
  const conditions = references.flatMap((reference, at) => {
    const parent = parentOf(part, reference);
    if (parent === undefined) return [];
    const isJson = reference.kind === 'json';
    const [column = ''] = reference.columns;
    const value = raw(part, column, alias);
    if (value === null) return [];
    const element = isJson ? 'j.value' : value;
    const way = wayTo(part, parent, reference, alias, isJson ? element : null);
    if (way === null) return [];
    const join = `${way.from} JOIN ${rowsOf(parent)} r ON ${isLine(parent, 'r', way.alias)} WHERE ${way.where}`;
    const condition = asked(parent, join, `${way.from} WHERE ${way.where}`);
    if (condition === null) return [];
    const inArray = isJson
      ? `EXISTS (SELECT 1 FROM json_each(json_ids(${value}, octet_length(${value}))) j WHERE ${condition})`
      : condition;
    const typed = isOfType(part, reference, alias, inArray);
    // A column follows the first reference that leads to a row; those behind it do not count.
    const earlier = references
      .slice(0, at)
      .filter((one) => one.columns.length === 1 && one.columns[0] === column && reference.columns.length === 1)
      .map((one) => leads(part, one, column, alias))
      .filter((one) => one !== null);
    return [`coalesce(${typed}${earlier.map((one) => ` AND ${one} IS NULL`).join('')}, 0)`];
  });
  return conditions.length === 0 ? null : `(${conditions.join(' OR ')})`;
}

function wayTo(part: Part, parent: Part, reference: ReferenceSpec, alias: string, element: string | null) {
  if (!isByNumber(parent, reference)) return lookUp(part, parent, reference, alias, element);
  const row = `${alias}p`;
  const [column = ''] = reference.columns;
  const integer = element === null ? integerOf(part, column, alias) : asInteger(element);
  return {
    from: `${parent.shape.sql} ${row}`,
    where: `${row}."${(parent.shape.rowidColumn ?? '').replaceAll('"', '""')}" = ${integer}`,
    alias: row,
  };
}
