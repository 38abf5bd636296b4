/**
 * Code that declares a table otherwise than it will be in the target (traps C11, R15): told before anything moves. Only code that works on
 * the sources; what works on the target already has its table.
 */
import { declaredAgainst } from '../../audit/table-clashes.ts';
import type { Column, Table } from '../../stores/model.ts';
import type { MergeTable } from '../settings.ts';
import { sameName } from './divide.ts';
import type { MergeFacts } from './model.ts';
import { baseOf, type SpecInput } from './spec.ts';

export interface CodeClash {
  /** In the target. */
  readonly table: string;
  /** Sources that the code works on. */
  readonly sources: readonly string[];
  /** `services/auth/schema.sql:3`. */
  readonly places: readonly string[];
  /** Column that the code declares and the target's table lacks → its type. */
  readonly lacking: Readonly<Record<string, string>>;
  /** Columns that the target's table requires and the code does not know. */
  readonly required: readonly string[];
}

export function codeClashes(
  input: Pick<SpecInput, 'target' | 'sources' | 'tables'>,
  facts: MergeFacts,
): readonly CodeClash[] {
  const check = declaredAgainst(facts);
  return input.tables.flatMap((said): CodeClash[] => {
    const base = baseOf(said, input);
    if (base === null || base.madeFrom !== null) return [];
    const merged = mergedTable(
      base.table,
      said,
      base.parts.flatMap(({ aligned }) => aligned.onlySource),
    );
    const places = new Set<string>();
    const sources = new Set<string>();
    const lacking: Record<string, string> = {};
    const required = new Set<string>();
    for (const declaration of facts.code.declarations) {
      const reached = base.parts.filter(
        ({ store, table }) => declaration.stores.includes(store.id) && sameName(table.name, declaration.table),
      );
      if (reached.length === 0 || declaration.stores.includes(input.target?.id ?? '')) continue;
      for (const { column, kind } of check(declaration, merged)) {
        if (kind === 'required') required.add(column);
        else lacking[column] = declaration.columns.find(({ name }) => name === column)?.type ?? '';
        places.add(`${declaration.path}:${declaration.line}`);
        for (const { store } of reached) sources.add(store.path);
      }
    }
    if (places.size === 0) return [];
    return [{ table: said.table, sources: [...sources].sort(), places: [...places], lacking, required: [...required] }];
  });
}

function mergedTable(base: Table, said: MergeTable, more: readonly Column[]): Table {
  const added = more.filter(({ name }) => said.columns[name] === 'add');
  return { ...base, columns: [...base.columns, ...added.map((column) => ({ ...column, notNull: false }))] };
}
