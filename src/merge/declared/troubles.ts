/**
 * What the code's own tables would not take of the merged rows, and took before (promise 6): by what SQLite says of a row, no more than all
 * stores together that the code worked on. A row that a table refused before is no news of the merge.
 */
import type { Facts } from '../../audit/model.ts';
import { looseness } from '../../audit/table-clashes.ts';
import { count, list } from '../../audit/wording.ts';
import type { DeclaredResult, DeclaredTable, DeclaredTrouble, SmokeRequest, Tried } from './model.ts';
import { same } from './tables-of-code.ts';

/** Asks a child about a file. */
export type TryOn = (request: SmokeRequest) => Promise<readonly (Tried | null)[]>;

export interface DeclaredInput {
  readonly tables: readonly DeclaredTable[];
  readonly merged: string;
  /** Path of a store of the merge → its snapshot; `null`: it was not there, or holds text. */
  readonly fileOf: (path: string) => string | null;
  readonly facts: Pick<Facts, 'code'>;
}

export async function declaredTroubles(
  { tables, merged, fileOf, facts }: DeclaredInput,
  tryOn: TryOn,
): Promise<DeclaredResult> {
  const said = tables.map(({ path, table, reaches }) => ({ path, table, reaches }));
  if (tables.length === 0) return { tables: said, troubles: [], untried: [] };
  const now = await each(tables, merged, tryOn);
  const loose = looseness(facts);
  const untried: { what: string; why: string }[] = [];
  const open: [DeclaredTable, News][] = [];
  for (const [i, one] of tables.entries()) {
    const tried = now[i] ?? null;
    if (tried === null) continue;
    const { path, line, table } = one;
    if (tried.untried !== null) untried.push({ what: `${table} of ${path}:${line}`, why: tried.untried });
    else {
      const found = withoutLoose(one, tried, loose);
      if (isTrouble(found)) open.push([one, found]);
    }
  }
  const stores = [...new Set(open.flatMap(([{ reaches }]) => reaches))];
  const before = new Map<DeclaredTable, Tried[]>();
  for (const store of stores) {
    const file = fileOf(store);
    if (file === null) continue;
    const own = open.map(([one]) => one).filter(({ reaches }) => reaches.includes(store));
    for (const [i, tried] of (await each(own, file, tryOn)).entries()) {
      const one = own[i] as DeclaredTable;
      if (tried !== null) before.set(one, [...(before.get(one) ?? []), tried]);
    }
  }
  const troubles = open.flatMap(([one, tried]): DeclaredTrouble[] => {
    const news = beyond(tried, before.get(one) ?? []);
    const { path, line, table } = one;
    return isTrouble(news) ? [{ path, line, table, ...news }] : [];
  });
  return { tables: said, troubles, untried };
}

/** A declaration that stands in several places is tried once. */
async function each(tables: readonly DeclaredTable[], file: string, tryOn: TryOn): Promise<readonly (Tried | null)[]> {
  const keyOf = ({ table, bodies }: DeclaredTable): string => JSON.stringify([table.toLowerCase(), bodies]);
  const kinds = [...new Map(tables.map((one) => [keyOf(one), one])).values()];
  const tried = await tryOn({ file, tables: kinds.map(({ table, bodies }) => ({ table, bodies })) });
  const found = new Map(kinds.map((one, i) => [keyOf(one), tried[i] ?? null]));
  return tables.map((one) => found.get(keyOf(one)) ?? null);
}

type News = Omit<Tried, 'untried'>;

/** Columns that come and go by an ALTER are held against nobody. */
function withoutLoose(
  { table, isPartial }: DeclaredTable,
  { lacking, required, refused, changed }: Tried,
  { comesAndGoes }: ReturnType<typeof looseness>,
): News {
  const stays = (column: string): boolean => !comesAndGoes(table, column);
  return { lacking: lacking.filter(stays), required: isPartial ? [] : required.filter(stays), refused, changed };
}

function beyond(now: News, before: readonly Tried[]): News {
  const rows = (of: (one: Tried) => number): number => before.reduce((sum, one) => sum + of(one), 0);
  const refusedFor = (why: string) => (one: Tried) => one.refused.find((other) => other.why === why)?.rows ?? 0;
  const changedIn = (column: string) => (one: Tried) =>
    one.changed.find((other) => same(other.column, column))?.rows ?? 0;
  // What every store lacked before, the code lived with.
  const wasSo = (column: string, of: (one: Tried) => readonly string[]): boolean =>
    before.length > 0 && before.every((one) => of(one).some((other) => same(other, column)));
  return {
    lacking: now.lacking.filter((column) => !wasSo(column, (one) => one.lacking)),
    required: now.required.filter((column) => !wasSo(column, (one) => one.required)),
    refused: now.refused.filter((one) => one.rows > rows(refusedFor(one.why))),
    changed: now.changed.filter((one) => one.rows > rows(changedIn(one.column))),
  };
}

const isTrouble = ({ lacking, required, refused, changed }: News): boolean =>
  lacking.length + required.length + refused.length + changed.length > 0;

/** `would refuse 2 rows (CHECK constraint failed: role IN ('user')), and lacks nothing else`. Subject: the code's table. */
export function troubleInWords({ lacking, required, refused, changed }: News): string {
  const rows = refused.reduce((sum, one) => sum + one.rows, 0);
  const values = changed.reduce((sum, one) => sum + one.rows, 0);
  return list([
    ...(rows === 0 ? [] : [`would refuse ${count(rows, 'row')} (${refused.map(({ why }) => why).join('; ')})`]),
    ...(values === 0 ? [] : [`would change ${count(values, 'value')} of ${list(changed.map(({ column }) => column))}`]),
    ...(lacking.length === 0 ? [] : [`has ${list([...lacking])}, which the merged table lacks`]),
    ...(required.length === 0 ? [] : [`lacks ${list([...required])}, which the merged table requires`]),
  ]);
}

/** What a review knew of: by table, file and reason, since rows come and go. */
export function declaredRules({ troubles }: Pick<DeclaredResult, 'troubles'>): readonly string[] {
  const found = troubles.flatMap(({ table, path, refused, changed, lacking, required }) =>
    [
      ...refused.map(({ why }) => why),
      ...changed.map(({ column }) => `type of ${column}`),
      ...lacking.map((column) => `has ${column}`),
      ...required.map((column) => `lacks ${column}`),
    ].map((reason) => `${table} declared in ${path}: ${reason}`),
  );
  return [...new Set(found)].sort();
}
