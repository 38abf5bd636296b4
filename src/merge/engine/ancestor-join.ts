/** The row of the ancestor that has the same identity as a row of its source. */
import { quoteName } from '../../stores/sqlite/quote.ts';
import { numbered } from '../ledger-schema.ts';
import { ancestorOf } from './ancestor.ts';
import { raw } from './cells.ts';
import { keyCell } from './equal.ts';
import type { Engine, Part } from './model.ts';
import { addressSql } from './shape.ts';

export interface AncestorJoin {
  /** Adds the ancestor's row as `a` to the source's row `x`. */
  readonly join: string;
  /** Condition: there is one. */
  readonly found: string;
}

export function ancestorJoin(engine: Engine, part: Part): AncestorJoin | null {
  const { identity } = part.target.spec;
  const ancestor = ancestorOf(engine, part);
  if (ancestor === null || identity.kind !== 'key') return null;
  const names = identity.columns.map((column) => part.spec.ancestor?.columns[column]);
  const ours = identity.columns.map((column) => raw(part, column, 'x'));
  if (names.some((name) => name === undefined) || ours.some((one) => one === null)) return null;
  const [values, address] = [numbered('v', names.length), numbered('a', ancestor.address.length)];
  const keys = identity.columns.map(
    (column, i) => `+${keyCell(part.target, column, `a.${quoteName(names[i] ?? '')}`)} AS v${i}`,
  );
  const named = addressSql(ancestor, 'a').map((one, i) => `${one} AS ${address[i]}`);
  engine.db.exec(`DROP TABLE IF EXISTS temp.ancestor;
    CREATE TEMP TABLE ancestor AS SELECT ${values.join(', ')}, ${address.map((name) => `min(${name}) AS ${name}`).join(', ')}
      FROM (SELECT ${[...keys, ...named].join(', ')} FROM ${ancestor.sql} a) GROUP BY ${values.map((name) => `${name} COLLATE BINARY`).join(', ')} HAVING count(*) = 1;
    CREATE INDEX temp.ancestor_keys ON ancestor (${values.join(', ')})`);
  const same = identity.columns.map(
    (column, i) => `e.v${i} = +${keyCell(part.target, column, ours[i] ?? '')} COLLATE BINARY`,
  );
  const isRow = addressSql(ancestor, 'a').map((one, i) => `${one} = e.${address[i]}`);
  return {
    join: ` LEFT JOIN temp.ancestor e ON ${same.join(' AND ')} LEFT JOIN ${ancestor.sql} a ON ${isRow.join(' AND ')}`,
    found: 'e.a0 IS NOT NULL',
  };
}
