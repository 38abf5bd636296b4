/**
 * Which tables that rows are merged into code declares itself, and which stores of the merge that code works on. A declaration that no
 * connection was found for counts where no other store in use has such a table.
 */
import type { Facts } from '../../audit/model.ts';
import { isMeant, looseness } from '../../audit/table-clashes.ts';
import type { Store } from '../../stores/model.ts';
import type { MergeSpec } from '../model.ts';
import { bodiesOf } from './bodies.ts';
import type { DeclaredTable } from './model.ts';

export function tablesOfCode(
  { tables, sources }: Pick<MergeSpec, 'tables' | 'sources'>,
  target: string,
  facts: Pick<Facts, 'stores' | 'code'>,
): readonly DeclaredTable[] {
  const { isPartial } = looseness(facts);
  const storeAt = (path: string | undefined): Store | undefined => facts.stores.find((one) => one.path === path);
  return tables.flatMap(({ table, madeFrom, parts }) => {
    const having = [
      ...(madeFrom === null ? [target] : []),
      ...parts.flatMap((part) => (same(part.table, table) ? [sources[part.source]?.path ?? ''] : [])),
    ];
    const others = facts.stores.filter(
      (store) => isInUse(store) && store.path !== target && !having.includes(store.path) && has(store, table),
    );
    return facts.code.declarations.flatMap((one): DeclaredTable[] => {
      if (!same(one.table, table) || !isMeant(one, facts)) return [];
      const { path, line } = one;
      const worksOn = (store: string): boolean => one.stores.includes(storeAt(store)?.id ?? store);
      const reaches = having.filter(worksOn);
      const isLoose = one.stores.length === 0 && one.by === 'CREATE TABLE' && others.length === 0;
      // Once it is there, who works on the target works on this table.
      if (reaches.length === 0 && !isLoose && !worksOn(target)) return [];
      const bodies = bodiesOf(one);
      return bodies.length === 0
        ? []
        : [{ path, line, table, bodies, isPartial: isPartial(one), reaches: reaches.length === 0 ? having : reaches }];
    });
  });
}

const isInUse = ({ role, status, foreign }: Store): boolean =>
  role === 'live' && status === 'verified' && foreign === undefined;
const has = ({ tables }: Store, name: string): boolean =>
  tables.some((one) => one.kind === 'table' && same(one.name, name));

export function same(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}
