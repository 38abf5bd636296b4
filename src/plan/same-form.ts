/**
 * Stores that could come into a target which was named, though they share no row with it: one schema, started twice. Nothing but the name
 * says that they belong together, so that they are never proposed without it.
 */
import type { Facts } from '../audit/model.ts';
import { isLedger } from '../audit/standing.ts';
import { comparisons, sameName } from '../merge/propose/divide.ts';

/** Paths, sorted: every table of theirs that holds rows has one of its name and form in the target. */
export function sameForm(target: string, audit: Facts): readonly string[] {
  const own = audit.stores.find(
    ({ path, kind, status }) => path === target && kind === 'sqlite' && status === 'verified',
  );
  if (own === undefined) return [];
  const others = audit.stores.filter(({ id, kind, status, role, foreign }) => {
    const canCome = kind === 'sqlite' && status === 'verified' && role === 'live' && foreign === undefined;
    return canCome && id !== own.id;
  });
  return others
    .filter((store) => {
      const filled = store.tables.filter(
        ({ kind, name, rows }) => kind === 'table' && !isLedger(store, name) && rows !== 0,
      );
      const compared = comparisons(own, store, audit);
      return (
        filled.length > 0 &&
        filled.every(({ name }) =>
          compared.some(
            ({ a, b, relation }) => b.table === name && sameName(a.table, name) && relation !== 'unrelated',
          ),
        )
      );
    })
    .map(({ path }) => path)
    .sort();
}
