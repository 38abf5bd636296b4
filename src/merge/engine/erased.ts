/**
 * What any known ancestor shows to be deleted in the target stays deleted for every source (trap R17): an account that was erased does not
 * come back through a copy of which no past is known. Only for keys that mean the same in every store: none that holds ids or counts alone.
 */

import { quoteName } from '../../stores/sqlite/quote.ts';
import { numbered } from '../ledger-schema.ts';
import { ancestorOf, cellsOf } from './ancestor.ts';
import { keyCell } from './equal.ts';
import { attach, during } from './failure.ts';
import type { Engine, Part, Target } from './model.ts';

/** Before the first source comes: the merged file is the target as it was. */
export function noteErased(engine: Engine, stores: readonly (readonly Part[])[]): void {
  const { files } = engine.request;
  if (files.target === null) return;
  for (const target of engine.targets) {
    const mine = stores.flat().filter((part) => part.target === target);
    if (mine.length > 1 && meansTheSame(target)) noteTable(engine, target, mine);
  }
}

function meansTheSame({ spec }: Target): boolean {
  const { identity } = spec;
  if (identity.kind !== 'key' || identity.agreeing !== undefined) return false;
  if (spec.deleted !== 'stays' || spec.madeFrom !== null) return false;
  const refers = new Set(spec.references.flatMap(({ columns }) => columns));
  return !identity.columns.some((column) => column === spec.surrogate || refers.has(column));
}

function noteTable(engine: Engine, target: Target, parts: readonly Part[]): void {
  const { db, request } = engine;
  const { identity } = target.spec;
  if (identity.kind !== 'key') return;
  const keys = numbered('v', identity.columns.length);
  const table = `erased_${target.at}`;
  for (const part of parts) {
    const ancestor = request.files.ancestors[part.source] ?? null;
    if (ancestor === null || part.spec.ancestor === null) continue;
    during(db, request, part.source, () => {
      attach(db, 'c', ancestor);
      const shape = ancestorOf(engine, part);
      const had = shape === null ? null : (cellsOf(part, identity.columns)?.theirs ?? null);
      if (shape !== null && had !== null) {
        const there = identity.columns.map((column) => keyCell(target, column, `y.${quoteName(column)}`));
        const cells = (list: readonly string[]): string =>
          list.map((cell, i) => `+${cell} COLLATE BINARY AS ${keys[i]}`).join(', ');
        const given = keys.map((key) => `${key} IS NOT NULL`).join(' AND ');
        db.exec(`CREATE TEMP TABLE IF NOT EXISTS ${table} (${keys.join(', ')}, PRIMARY KEY (${keys.join(', ')})) WITHOUT ROWID;
          INSERT OR IGNORE INTO temp.${table} SELECT * FROM (SELECT ${cells(had)} FROM ${shape.sql} a EXCEPT SELECT ${cells(there)} FROM ${target.shape.sql} y) WHERE ${given}`);
        engine.erased.add(target);
      }
      db.exec('DETACH c');
    });
  }
}

/** Condition on a row of a source: some ancestor had it, and the target has it no more. `null`: none is known. */
export function isErased(engine: Engine, part: Part, cells: readonly string[]): string | null {
  if (!engine.erased.has(part.target)) return null;
  const keys = cells.map((cell) => `+${cell} COLLATE BINARY`).join(', ');
  return `(${keys}) IN (SELECT ${numbered('v', cells.length).join(', ')} FROM temp.erased_${part.target.at})`;
}
