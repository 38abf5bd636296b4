/**
 * References that no constraint declares, as a merge would follow them: to tables whose numbers may change. Where a store holds ids of rows
 * that it does not have itself, people must say whose they are (traps R3, R19).
 */

import { count } from '../../audit/wording.ts';
import type { Link } from '../../rows/links.ts';
import { type SaidReference, writeReference } from '../reference-words.ts';
import type { MergeTable } from '../settings.ts';
import { idCollisions } from './collisions.ts';
import { sameName } from './divide.ts';
import { surrogateOf } from './identity.ts';
import type { LinksByStore, MergeFacts, MergeQuestion } from './model.ts';
import { baseOf, columnThere, type SpecInput } from './spec.ts';
import { topicOf } from './topics.ts';

export interface FoundReferences {
  readonly tables: readonly MergeTable[];
  readonly questions: readonly MergeQuestion[];
}

export const NOBODY = 'as-they-are';

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
  const questions: MergeQuestion[] = [];
  const tables = input.tables.map((said): MergeTable => {
    const found = new Map<string, SaidReference>();
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
      for (const link of own.filter(({ other }) => other === undefined)) {
        const to = intoOf(store.path, link.to);
        if (to !== undefined) add(found, said1(link, aligned.names, to, surrogates), {});
      }
      const loose = new Map<string, Link[]>();
      for (const link of own.filter(({ other }) => other !== undefined))
        loose.set(link.column, [...(loose.get(link.column) ?? []), link]);
      for (const [column, all] of loose) {
        const meant = all.flatMap((link) => {
          const path = others(store.path)[link.other ?? -1];
          const to = path === undefined ? undefined : intoOf(path, link.to);
          return path === undefined || to === undefined ? [] : [{ link, path, to }];
        });
        if (meant.length === 0) continue;
        for (const { link, to } of meant) add(found, said1(link, aligned.names, to, surrogates), {});
        questions.push(whose(said.table, store.path, column, meant, input, facts));
      }
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

interface Meant {
  readonly link: Link;
  readonly path: string;
  readonly to: string;
}

/** Values that lead to different tables by their type are different values; without a type, they are the same ones. */
function valuesOf(meant: readonly Meant[], of: (one: Meant) => number): number {
  const most = new Map<string, number>();
  for (const one of meant) {
    const kind = one.link.typeColumn === undefined ? '' : one.to;
    most.set(kind, Math.max(most.get(kind) ?? 0, of(one)));
  }
  return [...most.values()].reduce((sum, rows) => sum + rows, 0);
}

function whose(
  table: string,
  source: string,
  column: string,
  meant: readonly Meant[],
  { target }: SpecInput,
  facts: MergeFacts,
): MergeQuestion {
  const paths = [...new Set(meant.map(({ path }) => path))].sort();
  const share = (path: string): number =>
    valuesOf(
      meant.filter((one) => one.path === path),
      ({ link }) => link.rows * link.contained,
    );
  const rows = valuesOf(meant, ({ link }) => link.rows);
  const best = Math.max(...paths.map(share));
  const near = paths.filter((path) => share(path) === best);
  const [only] = near;
  // Where two stores gave the numbers to different rows, containment cannot tell which of them is meant.
  const tells =
    near.length === 1 || !meant.some(({ to }) => near.some((one) => idCollisions(near[0] ?? '', one, to, facts) > 0));
  const proposal = near.length === 1 ? only : near.find((path) => path === target?.path);
  const what = [...new Set(meant.map(({ to }) => to))].join(', ');
  return {
    topic: topicOf(table, column, 'ids', source),
    question: `${column} of ${table} in ${source} holds ids of ${what}, which it does not have. Whose are they?`,
    evidence: paths.map((path) => `${path} has ${Math.round(share(path))} of ${count(rows, 'value')}`),
    choices: {
      ...Object.fromEntries(paths.map((path) => [path, `they follow the rows of ${path}`])),
      [NOBODY]: 'they are carried as they are, and may come to mean other rows',
    },
    proposal: tells ? (proposal ?? null) : null,
    goes: [...paths, NOBODY],
    holds: 'merge',
  };
}
