/**
 * References that no constraint declares, as a merge would follow them: to tables whose numbers may change. Where a store holds ids of rows
 * that it does not have itself, people must say whose they are (traps R3, R19).
 */

import type { Link } from '../../rows/links.ts';
import { type SaidReference, writeReference } from '../reference-words.ts';
import type { MergeTable } from '../settings.ts';
import { sameName } from './divide.ts';
import { surrogateOf } from './identity.ts';
import type { LinksByStore, MergeFacts, MergeQuestion } from './model.ts';
import { askRefers, bearsOut, meantTables, type RoleLink } from './role-references.ts';
import { type Base, baseOf, columnThere, type SpecInput } from './spec.ts';
import { askWhose } from './whose-ids.ts';

export interface FoundReferences {
  readonly tables: readonly MergeTable[];
  readonly questions: readonly MergeQuestion[];
}

/** `input.tables` without references of this kind. `linked`: per store, and the stores that the positions of its links mean. */
export function withReferences(
  input: SpecInput,
  links: LinksByStore,
  others: (store: string) => readonly string[],
  facts: MergeFacts,
): FoundReferences {
  const bases = new Map(input.tables.map((said) => [said.table, baseOf(said, input)]));
  const surrogates = new Map(
    input.tables.flatMap((said) => {
      const base = bases.get(said.table)?.table;
      const key = base === undefined ? null : surrogateOf(base, said);
      return key === null ? [] : [[said.table, key] as const];
    }),
  );
  /** Where a store's table comes in, if its rows may get other numbers there. */
  const intoOf = (store: string, table: string): string | undefined =>
    input.tables.find((said) => {
      const name = said.from[store] ?? said.table;
      return sameName(name, table) && !said.apart.includes(store) && surrogates.has(said.table);
    })?.table;
  /** By column of the table: what the target and each source show of names that only say a role. */
  const roles = (
    base: Base | null | undefined,
    declared: ReadonlySet<string>,
  ): ReadonlyMap<string, readonly RoleLink[]> => {
    const { target } = input;
    const all = new Map<string, RoleLink[]>();
    const here =
      base?.madeFrom === null && target !== null ? [{ store: target, table: base.table, aligned: null }] : [];
    for (const { store, table, aligned } of [...here, ...(base?.parts ?? [])])
      for (const link of links.get(store.path) ?? []) {
        const column = aligned?.names.get(link.column) ?? link.column;
        if (link.table !== table.name || link.byRole === undefined || declared.has(column)) continue;
        const to = intoOf(link.other === undefined ? store.path : (others(store.path)[link.other] ?? ''), link.to);
        const one = to === undefined ? [] : [{ link, path: store.path, comesIn: aligned !== null, to }];
        all.set(column, [...(all.get(column) ?? []), ...one]);
      }
    return all;
  };
  const questions: MergeQuestion[] = [];
  const tables = input.tables.map((said): MergeTable => {
    const found = new Map<string, SaidReference>();
    /** Columns whose name says the table. */
    const named = new Set<string>();
    const base = bases.get(said.table);
    const declared = new Set([
      ...(base?.table.foreignKeys.flatMap(({ columns }) => columns) ?? []),
      ...(base?.parts.flatMap((part) =>
        part.table.foreignKeys.flatMap(({ columns }) => columns.flatMap((name) => columnThere(said, part, name) ?? [])),
      ) ?? []),
    ]);
    for (const { store, table, aligned } of bases.get(said.table)?.parts ?? []) {
      // Where the table of the target or of a source has a constraint, it is followed without being said.
      const own = (links.get(store.path) ?? []).filter(
        (link) => link.table === table.name && !declared.has(aligned.names.get(link.column) ?? link.column),
      );
      for (const { column, byRole } of own) if (byRole === undefined) named.add(aligned.names.get(column) ?? column);
      for (const link of own.filter(({ other, byRole }) => other === undefined && byRole === undefined)) {
        const to = intoOf(store.path, link.to);
        if (to !== undefined) add(found, said1(link, aligned.names, to, surrogates), {});
      }
      const loose = new Map<string, Link[]>();
      for (const link of own.filter((one) => one.other !== undefined && bearsOut(one)))
        loose.set(link.column, [...(loose.get(link.column) ?? []), link]);
      for (const [column, all] of loose) {
        const meant = all.flatMap((link) => {
          const path = others(store.path)[link.other ?? -1];
          const to = path === undefined ? undefined : intoOf(path, link.to);
          return path === undefined || to === undefined ? [] : [{ link, path, to }];
        });
        // A role names no table: where others have people of two names, nothing tells which are meant.
        const isOne = new Set(meant.map(({ to }) => to)).size === 1;
        if (meant.length === 0 || (!isOne && meant.some(({ link }) => link.byRole !== undefined))) continue;
        for (const { link, to } of meant) add(found, said1(link, aligned.names, to, surrogates), {});
        questions.push(askWhose(said.table, store.path, column, meant, input, facts));
      }
    }
    for (const [column, all] of roles(base, declared)) {
      const tables = named.has(column) ? [] : meantTables(all);
      for (const to of tables) {
        const link = all.find((one) => one.to === to)?.link;
        if (link !== undefined) add(found, said1({ ...link, column }, new Map(), to, surrogates), {});
      }
      if (tables.length > 0) questions.push(askRefers(said.table, column, tables, all));
    }
    return { ...said, references: [...found.values()].map(writeReference).sort() };
  });
  return { tables, questions };
}

function said1(
  link: Link,
  names: ReadonlyMap<string, string>,
  to: string,
  keys: ReadonlyMap<string, string>,
): SaidReference['spec'] {
  const column = names.get(link.column) ?? link.column;
  const typed = link.typeColumn === undefined ? {} : { typeColumn: names.get(link.typeColumn) ?? link.typeColumn };
  return {
    kind: link.kind,
    columns: [column],
    to,
    toColumns: [keys.get(to) ?? link.toColumn],
    ...typed,
    ...(link.typeValues === undefined ? {} : { typeValues: link.typeValues }),
  };
}

/** Two stores may write one type in two ways: both are meant. */
function add(found: Map<string, SaidReference>, spec: SaidReference['spec'], idsOf: SaidReference['idsOf']): void {
  const key = [spec.columns[0], spec.to, spec.typeColumn].join('\n');
  const known = found.get(key);
  const values = [...new Set([...(known?.spec.typeValues ?? []), ...(spec.typeValues ?? [])])].sort();
  found.set(key, { spec: { ...spec, ...(values.length === 0 ? {} : { typeValues: values }) }, idsOf });
}
