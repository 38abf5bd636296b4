/** The second merge of the same sources inserts nothing and changes nothing. */
import type { MergeSpec, TableSpec } from '../../src/merge/model.ts';
import { reachesItself } from './oracle.ts';
import { encodedRow, type Row, readStore, select, withFile } from './read-rows.ts';

interface Made {
  readonly merged: string;
  readonly ledger: string;
}

/** Nothing is promised of rows that are all new each time, nor where an id that led nowhere had to get a free value: it gets another one. */
export function mergedAgain(spec: MergeSpec, first: Made, second: Made): readonly string[] {
  const hasMovedGhosts = withFile(first.ledger, (db) => select(db, 'ghosts WHERE new IS NOT old', ['new']).length > 0);
  // What was retained may meet a row now that a later source brought.
  const hasRetained = withFile(first.ledger, (db) => select(db, 'parts WHERE retained > 0', ['part']).length > 0);
  if (hasMovedGhosts || hasRetained || spec.tables.some(({ identity }) => identity.kind === 'none')) return [];
  // Nothing tells rows apart of which a file has nothing but the number.
  const tells = ({ surrogate, parts }: TableSpec): boolean =>
    parts.every(({ columns }) => Object.entries(columns).some(([name, from]) => name !== surrogate && 'from' in from));
  if (!spec.tables.every(tells)) return [];
  const [once, twice] = [readStore(first.merged), readStore(second.merged)];
  // Rows that are compared whole and refer to themselves in a circle are equal only if they are: they count as new.
  const isWhole = ({ identity, table }: TableSpec): boolean =>
    identity.kind === 'row' ||
    (identity.kind === 'key' &&
      (once.get(table) ?? []).some(({ cells }) => identity.columns.some((column) => (cells[column] ?? null) === null)));
  if (spec.tables.some((table) => isWhole(table) && reachesItself(spec, table.table))) return [];
  // Of two rows that are equal in all but their number nobody can tell which is which, and so not what refers to one of them.
  const isReferredTo = ({ table }: TableSpec): boolean =>
    spec.tables.some(({ references }) => references.some(({ to }) => to === table));
  const hasDoubles = ({ table, surrogate }: TableSpec): boolean => {
    const texts = (once.get(table) ?? []).map(({ cells }) =>
      encodedRow(Object.entries(cells).flatMap(([name, value]) => (name === surrogate ? [] : [value]))),
    );
    return new Set(texts).size < texts.length;
  };
  if (spec.tables.some((table) => isWhole(table) && isReferredTo(table) && hasDoubles(table))) return [];
  return [...twice].flatMap(([table, rows]) => {
    // A column that the target got takes what any source has; once it has it, what a source took out since an ancestor counts too.
    const open = new Set(
      spec.tables
        .filter((one) => one.table === table && one.parts.some(({ ancestor }) => ancestor !== null))
        .flatMap(({ columns }) => columns.filter(({ added }) => added).map(({ name }) => name)),
    );
    const text = (cells: Row['cells']): string =>
      encodedRow(Object.entries(cells).flatMap(([name, value]) => (open.has(name) ? [] : [value])));
    const before = new Map((once.get(table) ?? []).map(({ key, cells }) => [key, text(cells)]));
    const added = rows.filter(({ key }) => !before.has(key));
    const changed = rows.filter(({ key, cells }) => before.has(key) && before.get(key) !== text(cells));
    return [
      ...(added.length > 0 ? [`${table}: the second merge inserts ${added.length} rows`] : []),
      ...(changed.length > 0 ? [`${table}: the second merge changes ${changed.length} rows`] : []),
    ];
  });
}
