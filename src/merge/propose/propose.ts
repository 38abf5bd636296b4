/**
 * From what an audit measured to a merge that can be reviewed: every table with where its rows come from and why they are recognised, what
 * differs, what is open, what stays apart. Pure; `counted.ts` adds what the engine measures.
 * Whole because it is one list of what a proposal is made of, in the order in which one part needs the one before.
 */

import type { TableComparison } from '../../audit/model.ts';
import { shared } from '../../audit/orient.ts';
import { count, list } from '../../audit/wording.ts';
import { plainName } from '../../rows/match-columns.ts';
import type { Store, Table } from '../../stores/model.ts';
import { type MergeTable, PLAIN_TABLE } from '../settings.ts';
import { ADD, align, requiredColumns } from './align.ts';
import { ONLY_IN_SOURCES, withAnswers } from './answers.ts';
import { askImport, type ImportAsked, importTopic } from './ask-import.ts';
import { askIdentity, identityTopic } from './borrowed-mail.ts';
import { codeClashes } from './code-clashes.ts';
import { type Differing, differingIn, settle } from './differ.ts';
import { comparisons, type Divided, divide, type Incoming, isText, sameName } from './divide.ts';
import { hasStrangers, identityOf, surrogateOf } from './identity.ts';
import { likelyColumns } from './likely-columns.ts';
import type { LinksByStore, MergeAncestor, MergeAsked, MergeFacts, MergeProposal, MergeQuestion } from './model.ts';
import { askCode, askDeleted, askDiffer, askOnlyInSources, askRequired, askTwin } from './questions.ts';
import { withReferences } from './references.ts';
import { type AncestorTables, baseOf, specOf } from './spec.ts';
import { electedBecause } from './target.ts';
import { topicOf } from './topics.ts';

export interface ProposeInput {
  readonly asked: MergeAsked;
  readonly facts: MergeFacts;
  readonly links: LinksByStore;
  /** The stores that the positions of a store's links mean, by path. */
  readonly others: (store: string) => readonly string[];
  /** Tables of versions in git, by `MergeAncestor.from`. */
  readonly versions: ReadonlyMap<string, readonly Table[]>;
}

/** `null`: nothing of any source comes in. */
export function propose(input: ProposeInput): MergeProposal | null {
  const { asked, facts } = input;
  const divided = divide(asked, facts);
  const { target, sources } = divided;
  if (sources.length === 0) return null;
  const ancestors = sources.map((source) => ancestorOf(target, source, facts));
  const found = tablesIn(divided).map((into) => proposeTable(into, divided, ancestors, facts));
  const tables = found.map(({ said }) => said);
  const context = { target, sources, tables, idMapTable: false, ancestors: [] };
  const referring = withReferences(context, input.links, input.others, facts);
  const clashes = codeClashes({ target, sources, tables: referring.tables }, facts);
  const loose = found.flatMap(({ onlyInSources }) => onlyInSources ?? []);
  const questions = [
    ...found.flatMap((one) => one.questions),
    ...referring.questions,
    ...clashes.map((one) => askCode(one, asked.target)),
    ...(loose.length === 0 ? [] : [askOnlyInSources(ONLY_IN_SOURCES, loose, asked.target)]),
  ];
  const proposal: MergeProposal = {
    target: asked.target,
    because: electedBecause(asked.target, facts),
    sources: sources.map(({ path }) => path),
    tables: referring.tables,
    questions,
    apart: divided.apart,
    ancestors,
    spec: { version: 1, sources: [], tables: [], idMapTable: false },
    result: null,
  };
  return { ...proposal, spec: specWith(proposal, proposed(questions), input) };
}

type Said = Pick<MergeProposal, 'tables' | 'sources' | 'ancestors'>;

/** The specification of tables with some answers. */
export function specWith(
  said: Said,
  answers: ReadonlyMap<string, string>,
  input: ProposeInput,
  idMapTable = false,
): MergeProposal['spec'] {
  const { facts, versions } = input;
  const { target, sources } = storesOf(said, input);
  return specOf({
    target,
    sources,
    tables: tablesWith(said, answers, input),
    idMapTable,
    ancestors: said.ancestors.map((one) => withTables(one, facts, versions)),
  });
}

/** What the answers make of them. */
export function tablesWith(
  said: Said,
  answers: ReadonlyMap<string, string>,
  input: ProposeInput,
): readonly MergeTable[] {
  const stores = storesOf(said, input);
  const clashes = codeClashes({ ...stores, tables: said.tables }, input.facts);
  return withAnswers(said.tables, answers, { ...stores, clashes });
}

function storesOf(
  { sources }: Said,
  { asked, facts }: ProposeInput,
): { readonly target: Store | null; readonly sources: readonly Store[] } {
  return {
    target: facts.stores.find(({ path }) => path === asked.target) ?? null,
    sources: sources.flatMap((path) => facts.stores.find((one) => one.path === path) ?? []),
  };
}

/** Beside the sources. */
export function ancestorsOf(asked: MergeAsked, facts: MergeFacts): readonly (MergeAncestor | null)[] {
  const target = facts.stores.find(({ path }) => path === asked.target) ?? null;
  return asked.sources.map((path) => {
    const source = facts.stores.find((one) => one.path === path);
    return source === undefined ? null : ancestorOf(target, source, facts);
  });
}

/** Where nothing is proposed, the first answer with which the merge can be done. */
export function proposed(questions: readonly MergeQuestion[]): ReadonlyMap<string, string> {
  return new Map(
    questions.flatMap(({ topic, proposal, goes, choices }): [string, string][] => {
      const choice = proposal ?? goes.find((one) => choices[one] !== undefined);
      return choice === undefined ? [] : [[topic, choice]];
    }),
  );
}

function tablesIn({ incoming }: Divided): readonly string[] {
  const names = new Map(incoming.map(({ into }) => [into.toLowerCase(), into]));
  return [...names.values()].sort((x, y) => (x < y ? -1 : 1));
}

interface ProposedTable {
  readonly said: MergeTable;
  readonly questions: readonly MergeQuestion[];
  readonly onlyInSources: { readonly table: string; readonly rows: number } | null;
}

function proposeTable(
  into: string,
  divided: Divided,
  ancestors: readonly (MergeAncestor | null)[],
  facts: MergeFacts,
): ProposedTable {
  const { target, sources, apart } = divided;
  const incoming = divided.incoming.filter((one) => sameName(one.into, into));
  const renamed = incoming.filter(({ table }) => !sameName(table.name, into));
  const plain: MergeTable = {
    ...PLAIN_TABLE,
    table: into,
    from: Object.fromEntries(renamed.map(({ store, table }) => [store.path, table.name])),
    apart: sources
      .filter(({ path }) => apart.some(({ store, table }) => store === path && table !== null && sameName(table, into)))
      .map(({ path }) => path),
  };
  const base = baseOf(plain, { target, sources });
  if (base === null) throw new Error(`no table ${into}`);
  const likely = Object.assign(
    {},
    ...incoming
      .filter(({ store }) => isText(store))
      .map(({ table }) => likelyColumns(base.table, table, target?.tables ?? [])),
  ) as MergeTable['columns'];
  const alignedTo = (one: Incoming): ReturnType<typeof align> =>
    align(base.table, one.table, isText(one.store), isText(one.store) ? likely : {});
  const { identity, borrowed } = identityOf(base.table, incoming, (one) => alignedTo(one).names, facts);
  const columns = { ...columnsOf(incoming, (one) => alignedTo(one).onlySource.map(({ name }) => name)), ...likely };
  const fill = incoming.flatMap((one) =>
    (one.table.rows ?? 0) === 0 ? [] : requiredColumns(base.table, alignedTo(one)).map(({ name }) => ({ name, one })),
  );
  const among = comparedAmong(target, sources, incoming, facts);
  const agreeing = hasStrangers(identity, among);
  const isNewHere = base.madeFrom !== null;
  const keys = [...(surrogateOf(base.table, { identity, agreeing }) === null ? [] : base.table.primaryKey)];
  const since = incoming.map((one) => ancestors[sources.indexOf(one.store)] ?? null);
  const open = openConflicts(incoming, facts, target);
  const settled = settle(
    base.table,
    incoming.map(({ table }) => table),
    differingIn(among),
    {
      identity: Array.isArray(identity) ? (identity as readonly string[]) : [],
      keys,
      ancestral: open === 0,
    },
  );
  const gone = deletedIn(target, incoming, facts);
  const loose = isNewHere ? 0 : looseRows(base.table, incoming, since);
  // Where every source comes in by an answer only, nothing differs without one.
  const answered = incoming.flatMap(({ store, table, compared }) => {
    if (isText(store) && !isNewHere) return [{ topic: importTopic(into, store.path), choice: 'import' }];
    const isTwin = compared !== null && !sameName(table.name, into);
    return isTwin ? [{ topic: topicOf(into, table.name, 'twin'), choice: 'into' }] : [];
  });
  // Rows that are one by a borrowed address only differ where people say that they are one.
  const byMail =
    borrowed === undefined || identity !== 'row' ? [] : [{ topic: identityTopic(into), choice: borrowed.column }];
  const onlyWith = byMail.length > 0 ? byMail : answered.length < incoming.length ? [] : answered;
  const questions = [
    ...(borrowed === undefined ? [] : [askIdentity(into, borrowed, inWords(identity))]),
    ...incoming
      .filter(({ store }) => isText(store) && !isNewHere)
      .map((one) => askImport(importOf(into, one, base.table, alignedTo(one), likely), sources.length > 1)),
    // A text file has a table of its own name, whatever it holds: whether it comes in is asked above.
    ...renamed.filter(({ store }) => !isText(store) || isNewHere).flatMap((one) => twinQuestion(into, one, facts)),
    ...differQuestions(into, settled, differingIn(among), incoming, target?.path ?? into, base.table).map((one) => ({
      ...one,
      ...(onlyWith.length === 0 ? {} : { onlyWith }),
    })),
    ...(gone.rows === 0 ? [] : [askDeleted(into, gone.rows, { target: target?.path ?? '', ...gone })]),
    ...(fill.length === 0 ? [] : [askFill(into, fill)]),
  ];
  return {
    said: {
      ...plain,
      identity,
      agreeing,
      columns,
      differ: settled.differ,
      newest: settled.newest,
      fill: Object.fromEntries(fill.map(({ name }) => [name, null])),
      deleted: gone.rows > 0 || loose > 0 ? 'ask' : 'returns',
    },
    questions,
    onlyInSources: gone.rows === 0 && loose > 0 ? { table: into, rows: loose } : null,
  };
}

function inWords(identity: MergeTable['identity']): string {
  return Array.isArray(identity) ? list(identity as readonly string[]) : 'all that they hold';
}

function importOf(
  table: string,
  { store, table: file, compared }: Incoming,
  base: Table,
  aligned: ReturnType<typeof align>,
  likely: MergeTable['columns'],
): ImportAsked {
  return {
    table,
    file: store.path,
    rows: compared === null ? (file.rows ?? 0) : compared.onlyB,
    columns: [...aligned.names].map(([from, to]) => ({
      from,
      to: likely[from] ?? to,
      by: aligned.lookups.has(from)
        ? 'look-up'
        : likely[from] !== undefined
          ? 'kind'
          : plainName(from) === plainName(to)
            ? 'name'
            : 'values',
    })),
    added: aligned.onlySource.map(({ name }) => name),
    empty: base.columns
      .filter(({ name, generated }) => !generated && ![...aligned.names.values()].includes(name))
      .map(({ name }) => name),
  };
}

function columnsOf(
  incoming: readonly Incoming[],
  onlySource: (one: Incoming) => readonly string[],
): MergeTable['columns'] {
  const found = new Map<string, string>();
  for (const one of incoming)
    for (const name of onlySource(one))
      if (![...found.keys()].some((known) => sameName(known, name))) found.set(name, ADD);
  return Object.fromEntries([...found].sort());
}

/** With the target, and of the sources with each other: what the target lacks may differ among them. */
function comparedAmong(
  target: Store | null,
  sources: readonly Store[],
  incoming: readonly Incoming[],
  facts: MergeFacts,
): readonly TableComparison[] {
  const found = incoming.flatMap(({ compared }) => (compared === null ? [] : [compared]));
  const others = sources.flatMap((a, i) =>
    sources
      .slice(i + 1)
      .flatMap((b) =>
        comparisons(a, b, facts).filter(
          (one) =>
            one.relation !== 'unrelated' &&
            incoming.some(({ store, table }) => store.id === a.id && table.name === one.a.table) &&
            incoming.some(({ store, table }) => store.id === b.id && table.name === one.b.table),
        ),
      ),
  );
  return target === null ? others : [...found, ...others.filter((one) => !found.includes(one))];
}

/** Rows that no earlier state settles: those of comparisons without one, and those that both sides changed. */
function openConflicts(incoming: readonly Incoming[], { ancestors }: MergeFacts, target: Store | null): number {
  return incoming.reduce((sum, { store, compared }) => {
    if (compared === null || compared.conflicting === 0) return sum;
    const found = ancestors.find(
      (one) => [one.a, one.b].includes(store.id) && [one.a, one.b].includes(target?.id ?? ''),
    );
    const table = found?.tables.find((one) => one.table === compared.a.table || one.table === compared.b.table);
    return sum + (table === undefined ? compared.conflicting : table.changedInBoth);
  }, 0);
}

/** Rows of earlier states that the target lacks and a source has. */
function deletedIn(
  target: Store | null,
  incoming: readonly Incoming[],
  { ancestors }: MergeFacts,
): { readonly rows: number; readonly sources: readonly string[]; readonly since: string } {
  const found = incoming.flatMap(({ store, table, into }) => {
    const ancestor = ancestors.find(
      (one) => [one.a, one.b].includes(store.id) && [one.a, one.b].includes(target?.id ?? ''),
    );
    const measured = ancestor?.tables.find((one) => one.table === table.name || sameName(one.table, into));
    if (ancestor === undefined || measured === undefined) return [];
    const rows = ancestor.a === target?.id ? measured.deletedInA : measured.deletedInB;
    return rows === 0 ? [] : [{ path: store.path, rows, since: ancestor.from }];
  });
  return {
    rows: Math.max(0, ...found.map(({ rows }) => rows)),
    sources: found.map(({ path }) => path),
    since: found[0]?.since ?? '',
  };
}

/** Rows of tables that shared some, of which no earlier state tells whether they were deleted; at most, since their numbers are not looked at here. */
function looseRows(base: Table, incoming: readonly Incoming[], since: readonly (MergeAncestor | null)[]): number {
  const isNumbered =
    base.primaryKey.length === 1 &&
    base.columns.some(({ name, type }) => name === base.primaryKey[0] && /INT/i.test(type));
  if (!isNumbered) return 0;
  return incoming.reduce((sum, { compared }, i) => {
    if (compared === null || since[i] != null || shared(compared) === 0) return sum;
    return sum + compared.onlyB;
  }, 0);
}

function twinQuestion(
  into: string,
  { store, table, compared }: Incoming,
  { code }: MergeFacts,
): readonly MergeQuestion[] {
  if (compared === null) return [];
  const uses = code.bindings
    .filter((one) => one.store === store.id && one.purpose !== 'test')
    .flatMap(({ tables }) => tables.filter((use) => sameName(use.table, table.name)));
  const places = [...new Set(uses.map(({ path, line }) => `${path}:${line}`))].sort();
  const counts = { shared: shared(compared), differ: compared.conflicting, own: compared.onlyB };
  return [askTwin(into, table.name, store.path, counts, places)];
}

function differQuestions(
  table: string,
  { newest, credentials, open }: ReturnType<typeof settle>,
  differing: readonly Differing[],
  incoming: readonly Incoming[],
  target: string,
  base: Table,
): readonly MergeQuestion[] {
  const sources = incoming
    .filter(({ compared }) => compared === null || compared.conflicting > 0)
    .map(({ store }) => store.path);
  const of = (names: readonly string[]): readonly Differing[] =>
    differing.filter(({ column }) => names.includes(column));
  const gaps = open.length > 0 && hasGaps(open, base, incoming);
  const about = { table, target, sources, order: incoming.map(({ store }) => store.path), newest };
  return [
    ...(open.length === 0 ? [] : [askDiffer('differ', { ...about, columns: of(open), gaps })]),
    ...(credentials.length === 0
      ? []
      : [askDiffer('credentials', { ...about, columns: of(credentials), gaps: false })]),
  ];
}

function hasGaps(names: readonly string[], base: Table, incoming: readonly Incoming[]): boolean {
  return [base, ...incoming.map((one) => one.table)].some(({ columns }) =>
    columns.some(({ name, profile }) => names.includes(name) && (profile?.nulls ?? 0) > 0),
  );
}

function askFill(table: string, fill: readonly { readonly name: string; readonly one: Incoming }[]): MergeQuestion {
  const sources = [...new Set(fill.map(({ one }) => one.store.path))];
  const rows = [...new Set(fill.map(({ one }) => one))].reduce((sum, one) => sum + (one.table.rows ?? 0), 0);
  return askRequired(table, [...new Set(fill.map(({ name }) => name))], sources, rows);
}

/** The earlier state that the audit found for the two. */
function ancestorOf(target: Store | null, source: Store, { ancestors, stores }: MergeFacts): MergeAncestor | null {
  const found = ancestors.find(
    (one) => [one.a, one.b].includes(source.id) && [one.a, one.b].includes(target?.id ?? ''),
  );
  if (found === undefined) return null;
  const store = stores.find(({ id }) => id === found.from);
  const path = store?.path ?? found.from.replace(/@[0-9a-f]+$/, '');
  return { from: found.from, path, commit: found.commit ?? null };
}

export function withTables(
  ancestor: MergeAncestor | null,
  { stores }: Pick<MergeFacts, 'stores'>,
  versions: ReadonlyMap<string, readonly Table[]>,
): AncestorTables {
  if (ancestor === null) return { ancestor, tables: [] };
  const store = ancestor.commit === null ? stores.find(({ id }) => id === ancestor.from) : undefined;
  return { ancestor, tables: store?.tables ?? versions.get(ancestor.from) ?? [] };
}

/** `6 + 6 + 3 rows`, for a merge that was not tried out. */
export function plainCounts(said: MergeTable, target: Store | null, sources: readonly Store[]): string {
  const base = baseOf(said, { target, sources });
  const own = base?.madeFrom === null ? [base.table.rows ?? 0] : [];
  const coming = base?.parts.map(({ table }) => table.rows ?? 0) ?? [];
  const all = [...own, ...coming];
  return all.length < 2 ? count(all[0] ?? 0, 'row') : `${all.map((n) => n.toLocaleString('en-US')).join(' + ')} rows`;
}
