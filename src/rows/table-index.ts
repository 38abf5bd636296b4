/**
 * Finds the few tables of a store that may be kin to a given one, so that two stores of thousands of tables are not
 * matched each with each. Leaves nothing out that `kinship` would accept, unless its values stand in very many tables.
 */
import type { Table } from '../stores/model.ts';
import { plainName } from './match-columns.ts';

export interface TableIndex {
  /** In the order of the store. */
  candidates(table: Table): readonly Table[];
}

/** A value that more tables than this hold (an id, a flag) tells of no kinship between tables of other names. */
const COMMON = 64;

const indexes = new WeakMap<readonly Table[], TableIndex>();

/** Made once for each list of tables. */
export function tableIndex(tables: readonly Table[]): TableIndex {
  const known = indexes.get(tables);
  if (known !== undefined) return known;
  const index = makeIndex(tables);
  indexes.set(tables, index);
  return index;
}

/** `user` and `users`, `dynamic_tasks` stays apart from `tasks`. */
export function familyName(name: string): string {
  return plainName(name).replace(/(?<=[a-z]{2})s$/, '');
}

function makeIndex(tables: readonly Table[]): TableIndex {
  const byName = new Map<string, number[]>();
  const byValue = new Map<number, number[]>();
  const put = <K>(map: Map<K, number[]>, key: K, at: number): void => {
    const places = map.get(key);
    if (places === undefined) map.set(key, [at]);
    else if (places.at(-1) !== at && places.length <= COMMON) places.push(at);
  };
  tables.forEach((table, at) => {
    const name = familyName(table.name);
    byName.set(name, [...(byName.get(name) ?? []), at]);
    for (const hashes of Object.values(table.sketch?.columns ?? {})) for (const hash of hashes) put(byValue, hash, at);
  });
  return {
    candidates: (table) => {
      const found = new Set(byName.get(familyName(table.name)));
      for (const hashes of Object.values(table.sketch?.columns ?? {})) {
        for (const hash of hashes) {
          const places = byValue.get(hash) ?? [];
          if (places.length <= COMMON) for (const at of places) found.add(at);
        }
      }
      return [...found].sort((x, y) => x - y).flatMap((at) => tables[at] ?? []);
    },
  };
}
