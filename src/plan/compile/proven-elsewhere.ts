/**
 * Is what a file holds held by another one that stays? Equal bytes prove it, or every row with its key and its values, compared one by one.
 * What was compared by sample, could not be read, or has another id there proves nothing (traps S7, R2).
 */
import type { Audit, TableComparison } from '../../audit/model.ts';
import { seenFrom } from '../../audit/orient.ts';
import type { Store } from '../../stores/model.ts';
import { digest } from '../digest.ts';
import type { Reliance } from '../lock-model.ts';
import type { Measured } from '../measured.ts';

export type Proof = { readonly relies: Reliance } | { readonly why: string };

export function provenElsewhere(path: string, because: string, on: Measured): Proof {
  const [mine, theirs] = [on.stateOf(path), on.stateOf(because)];
  if (mine.kind !== 'file' || theirs.kind !== 'file') return { why: `${because} is no file` };
  const equal = mine.sha256 === theirs.sha256 && !hasRowsBeside(path, on) && !hasRowsBeside(because, on);
  if (equal) return { relies: { on: 'bytes', path: because, sha256: theirs.sha256 } };
  const [a, b] = [path, because].map((one) => on.audit.stores.find((store) => store.path === one));
  if (a === undefined || b === undefined) return { why: `${because} has other bytes` };
  return rowsElsewhere(a, b, on.audit);
}

function hasRowsBeside(path: string, on: Measured): boolean {
  return ['-wal', '-journal'].some((end) => {
    const state = on.stateOf(`${path}${end}`);
    return state.kind === 'file' && state.bytes > 0;
  });
}

/** Every row and value of `a` is in `b`, compared one by one. */
export function rowsElsewhere(a: Store, b: Store, audit: Audit): Proof {
  const found = audit.relations.find((one) => [one.a, one.b].includes(a.id) && [one.a, one.b].includes(b.id));
  if (found === undefined) return { why: `nothing in ${b.path} was found to be like it` };
  const relation = seenFrom(a.id, found);
  const twins = relation.tables.filter((table) => table.relation !== 'unrelated');
  if (!relation.exact || twins.some(({ method }) => method === 'sample')) {
    return { why: `it was compared with ${b.path} by sample only: run \`desprawl plan --exact\`` };
  }
  const unseen = a.tables.find(({ kind, rows }) => kind === 'virtual' || (kind === 'table' && rows === null));
  if (unseen !== undefined) return { why: `${unseen.name} in it could not be compared` };
  if (relation.onlyA > 0) return { why: `${relation.onlyA.toLocaleString('en-US')} of its rows are not in ${b.path}` };
  if (relation.conflicting > 0) {
    return { why: `${relation.conflicting.toLocaleString('en-US')} of its rows have other values in ${b.path}` };
  }
  const odd = twins.find(
    (table) => table.ambiguous > 0 || (table.renumbered ?? 0) > 0 || filledAlone(a, table).length > 0,
  );
  if (odd !== undefined) {
    const columns = filledAlone(a, odd);
    return {
      why:
        columns.length > 0
          ? `${columns.join(', ')} of ${odd.a.table} has values and is not in ${b.path}`
          : `rows of ${odd.a.table} have other ids in ${b.path}`,
    };
  }
  const rows = twins.map((table) => [table.a.table, table.b.table, table.rowsA]);
  return { relies: { on: 'subset', path: a.path, of: b.path, digest: digest('subset\n', rows) } };
}

/** Columns with values that the other side lacks. */
function filledAlone(store: Store, { a, columnsOnlyA }: TableComparison): readonly string[] {
  const columns = store.tables.find(({ name }) => name === a.table)?.columns ?? [];
  return columnsOnlyA.filter((name) => columns.find((column) => column.name === name)?.profile?.shape !== 'empty');
}
