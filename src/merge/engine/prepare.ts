/** What is known of the tables of the merged file before the first source comes. */
import type { Connection } from '../../stores/sqlite/driver.ts';
import { quoteName } from '../../stores/sqlite/quote.ts';
import type { MergeRequest } from '../model.ts';
import type { Engine, Target } from './model.ts';
import { findNumbers } from './numbers.ts';
import { readShape, type Shape } from './shape.ts';
import { noteTargetGhosts } from './target-ghosts.ts';

export function prepare(db: Connection, request: MergeRequest): Engine {
  const rules = new Map<string, bigint>();
  const rule = (name: string, detail: string | null = null): bigint => {
    const key = `${name}\0${detail ?? ''}`;
    const known = rules.get(key);
    if (known !== undefined) return known;
    const next = BigInt(rules.size + 1);
    db.prepare('INSERT INTO ledger.rules VALUES (?, ?, ?)')(next, name, detail);
    rules.set(key, next);
    return next;
  };
  const shapes = request.spec.tables.map((table): Shape => {
    const shape = readShape(db, 'main', table.table);
    if (shape === null) throw new TypeError(`the target has no table ${table.table}`);
    return shape;
  });
  noteTargetGhosts(db, request.spec, shapes);
  const numbers = findNumbers(db, request, shapes);
  const referredTo = new Map<string, Set<string>>();
  for (const { references } of request.spec.tables) {
    for (const { to, toColumns } of references) {
      referredTo.set(to, new Set([...(referredTo.get(to) ?? []), ...toColumns]));
    }
  }
  const targets = request.spec.tables.map((spec, at): Target => {
    const shape = shapes[at] as Shape;
    const before = Number(db.row(`SELECT count(*) FROM ${shape.sql}`)?.[0] ?? 0);
    return {
      at,
      spec,
      shape,
      before,
      given: lastGiven(db, shape, spec.surrogate ?? shape.rowidColumn),
      numbers: numbers[at] ?? null,
      referredTo: referredTo.get(spec.table) ?? new Set(),
    };
  });
  return { db, request, targets, rule, unsettled: new Map(), erased: new Set() };
}

/** By AUTOINCREMENT's own count, else the largest id. */
function lastGiven(db: Connection, shape: Shape, column: string | null): bigint {
  if (column === null) return 0n;
  const largest = db.row(`SELECT max(${quoteName(column)}) FROM ${shape.sql}`)?.[0];
  const hasCount = db.row("SELECT 1 FROM main.sqlite_schema WHERE name = 'sqlite_sequence'") !== undefined;
  const count = hasCount
    ? db.row('SELECT seq FROM main.sqlite_sequence WHERE name = ? COLLATE NOCASE', shape.name)?.[0]
    : undefined;
  return [largest, count].reduce<bigint>((most, one) => (typeof one === 'bigint' && one > most ? one : most), 0n);
}
