/**
 * A proposal with what the engine made of it in scratch files: the counts of each table, and the questions that only show when it is done.
 * What is counted is what would be done; nothing is estimated here.
 */
import { count, list } from '../../audit/wording.ts';
import type { DeclaredResult } from '../declared/model.ts';
import { declaredRules, troubleInWords } from '../declared/troubles.ts';
import type { MergeResult, MergeSpec, PartResult, Policy, RetainedRule } from '../model.ts';
import { retainedWords } from '../rule-words.ts';
import type { MergeTable } from '../settings.ts';
import { ONLY_IN_SOURCES } from './answers.ts';
import { isSecretName } from './differ.ts';
import { sameName } from './divide.ts';
import type { MergeProposal, MergeQuestion, MergeTried } from './model.ts';
import { askDeclared, askDiffer, askOnlyInSources, askRefused, askVirtual, type RefusedRows } from './questions.ts';
import { topicOf } from './topics.ts';

/** Questions that are asked before the counts are known, sharpened or dropped by them. `result`: with deleted rows staying where that is asked. */
export function withDeletions(proposal: MergeProposal, result: MergeResult): MergeProposal {
  const asked = proposal.tables.filter(({ deleted }) => deleted === 'ask');
  const rows = new Map(asked.map(({ table }) => [table, retained(result, table, 'deleted-in-target')]));
  const own = (table: string): boolean => proposal.questions.some(({ topic }) => topic === topicOf(table, 'deleted'));
  const none = new Set(asked.filter(({ table }) => rows.get(table) === 0).map(({ table }) => table));
  const loose = asked
    .filter(({ table }) => !own(table) && !none.has(table))
    .map(({ table }) => ({ table, rows: rows.get(table) ?? 0 }));
  const others = proposal.questions.filter(
    ({ topic }) => topic !== ONLY_IN_SOURCES && ![...none].some((table) => topic === topicOf(table, 'deleted')),
  );
  return {
    ...proposal,
    tables: proposal.tables.map((said) => (none.has(said.table) ? { ...said, deleted: 'returns' } : said)),
    questions: loose.length === 0 ? others : [...others, askOnlyInSources(ONLY_IN_SOURCES, loose, proposal.target)],
  };
}

/**
 * Where rows must agree to be one, pairs of stores may have shown rows that differ and are two in the end: nobody need say who wins. Not while
 * it is open whether more rows come in.
 */
export function withoutMoot(proposal: MergeProposal, { parts }: MergeResult): MergeProposal {
  const moot = proposal.tables.filter(({ table, agreeing, differ, deleted }) => {
    const own = parts.filter((one) => sameName(one.table, table));
    const asked = Object.keys(differ).filter((column) => differ[column] === 'ask');
    const isMoot = asked.every((column) => own.every((one) => (one.differs[column] ?? 0) === 0));
    return agreeing && deleted !== 'ask' && asked.length > 0 && isMoot;
  });
  const topics = new Set(moot.flatMap(({ table }) => [topicOf(table, 'differ'), topicOf(table, 'credentials')]));
  return {
    ...proposal,
    tables: proposal.tables.map((said) => {
      if (!moot.includes(said)) return said;
      return { ...said, differ: Object.fromEntries(Object.entries(said.differ).filter(([, one]) => one !== 'ask')) };
    }),
    questions: proposal.questions.filter(({ topic }) => !topics.has(topic)),
  };
}

/** Columns that differ and of which nothing was said: comparing pairs did not show them. A time that settles other columns settles them too. */
export function withUnsettled(proposal: MergeProposal, { unsettled, parts }: MergeResult): MergeProposal {
  const tables = proposal.tables.map((said): MergeTable => {
    const own = unsettled.filter(({ table }) => sameName(table, said.table));
    const policy = (column: string): Policy | 'ask' => (isTimed(said, column) ? 'newest' : 'ask');
    const differ = Object.fromEntries(own.map(({ column }) => [column, policy(column)]));
    return own.length === 0 ? said : { ...said, differ: { ...differ, ...said.differ } };
  });
  const questions = new Map(proposal.questions.map((one) => [one.topic, one]));
  for (const said of tables) {
    const { table } = said;
    const columns = unsettled.filter((one) => sameName(one.table, table) && !isTimed(said, one.column));
    const topic = topicOf(table, 'differ');
    if (columns.length === 0 || questions.has(topic)) continue;
    const from = new Set(parts.filter((one) => sameName(one.table, table)).map(({ source }) => source));
    const sources = proposal.spec.sources.flatMap(({ path }, at) => (from.has(at) ? [path] : []));
    const { target } = proposal;
    const asked = { table, columns, target, sources, order: sources, newest: null, gaps: false };
    questions.set(topic, askDiffer('differ', asked));
  }
  return { ...proposal, tables, questions: [...questions.values()] };
}

function isTimed({ newest }: MergeTable, column: string): boolean {
  return newest !== null && !isSecretName(column);
}

/** Counts in words, and the rows that stay out. */
export function withCounts(proposal: MergeProposal, spec: MergeSpec, result: MergeResult): MergeProposal {
  const tables = proposal.tables.map((said) => ({ ...said, rows: countsOf(said.table, result) ?? said.rows }));
  const refused = refusedIn(result, spec);
  const names = [...new Set(refused.map(({ table }) => table))];
  const questions: readonly MergeQuestion[] = [
    ...proposal.questions.filter(({ topic }) => !names.some((table) => topic === topicOf(table, 'refused'))),
    ...names.map((table) =>
      askRefused(
        table,
        refused.filter((one) => one.table === table),
      ),
    ),
  ];
  return { ...proposal, tables, questions, spec, result };
}

/** `6 + 6 + 3 → 8: 2 new, 1 identical, 5 merged, 1 stays out`. */
export function countsOf(table: string, { tables, parts }: MergeResult): string | null {
  const whole = tables.find((one) => sameName(one.table, table));
  const own = parts.filter((one) => sameName(one.table, table));
  if (whole === undefined || own.length === 0) return null;
  const sum = (of: (part: PartResult) => number): number => own.reduce((total, part) => total + of(part), 0);
  const said = (n: number): string => n.toLocaleString('en-US');
  const rows = own.map((part) => said(part.rows));
  const what = [
    [sum(({ inserted }) => inserted), 'new'],
    [sum(({ identical }) => identical), 'identical'],
    [sum(({ merged }) => merged), 'merged'],
    [sum((part) => part.retained), 'kept out'],
    [sum(({ renumbered }) => renumbered), 'with another id'],
  ] as const;
  const parts_ = what.filter(([n]) => n > 0).map(([n, word]) => `${said(n)} ${word}`);
  return `${[said(whole.before), ...rows].join(' + ')} → ${said(whole.after)}${parts_.length === 0 ? '' : `: ${parts_.join(', ')}`}`;
}

function retained({ parts }: MergeResult, table: string, rule: string): number {
  return parts
    .filter((part) => sameName(part.table, table))
    .flatMap(({ retainedBy }) => retainedBy)
    .reduce((sum, one) => sum + (one.rule === rule ? one.rows : 0), 0);
}

const FOLLOWING: ReadonlySet<RetainedRule> = new Set<RetainedRule>(['deleted-in-target', 'parent-retained']);

/** Deleted rows are a question of their own, and what refers to them follows its answer. */
export function refusedIn(result: MergeResult, spec: MergeSpec): readonly RefusedRows[] {
  const rules = new Set(result.parts.flatMap(({ retainedBy }) => retainedBy.map(({ rule }) => rule)));
  const follows = rules.has('deleted-in-target') && [...rules].every((rule) => FOLLOWING.has(rule));
  if (follows) return [];
  return result.parts.flatMap(({ table, source, retainedBy }) =>
    retainedBy
      .filter(({ rule, rows }) => rule !== 'deleted-in-target' && rows > 0)
      .map(({ rule, detail, rows, examples }) => ({
        table,
        source: spec.sources[source]?.path ?? '',
        rows,
        why: `${retainedWords(rule)}${detail === null ? '' : `: ${detail}`}`,
        examples: examples ?? [],
      })),
  );
}

/** What a review must have seen: rows that stay out for a rule are no surprise where it had some, nor is code that declares it otherwise. */
export function reviewedRules(result: MergeResult, declared: Pick<DeclaredResult, 'troubles'>): readonly string[] {
  const found = result.parts.flatMap(({ table, retainedBy }) => retainedBy.map(({ rule }) => `${table} ${rule}`));
  return [...new Set([...found, ...declaredRules(declared)])].sort();
}

/**
 * Why a merge is not the one that was reviewed, though its tables are as they were: measured again under the locks (`docs/merging.md`, "Stale or
 * not"). Empty: it is.
 */
export function staleMerge(reviewed: readonly string[], result: MergeResult): readonly string[] {
  const open = result.unsettled.map(
    ({ table, column, rows }) => `${count(rows, 'row')} of ${table} differ in ${column}, for which nothing was decided`,
  );
  const known = new Set(reviewed);
  const fresh = reviewedRules(result, { troubles: [] }).filter((one) => !known.has(one));
  const rules = fresh.map((one) => {
    const at = one.lastIndexOf(' ');
    return `rows of ${one.slice(0, at)} would stay out (${retainedWords(one.slice(at + 1))}), of which the review had none`;
  });
  return [...open, ...rules];
}

/** The same for what the code's own tables would not take, which is known when the rows are together. */
export function staleDeclared(
  reviewed: readonly string[],
  { troubles }: Pick<DeclaredResult, 'troubles'>,
): readonly string[] {
  const known = new Set(reviewed);
  return troubles
    .filter((one) => declaredRules({ troubles: [one] }).some((rule) => !known.has(rule)))
    .map(
      (one) =>
        `${one.path}:${one.line} declares ${one.table} otherwise (${troubleInWords(one)}), which the review did not know`,
    );
}

/** With what only shows when the rows are together: code and virtual tables that do not go with them. */
export function withTried(proposal: MergeProposal, tried: Tried): MergeProposal {
  const known = proposal.questions.map(({ topic }) => topic);
  return { ...proposal, questions: [...proposal.questions, ...triedQuestions(proposal, tried, known)] };
}

/** Asked of every merge, whoever wrote it. `known`: topics that are asked already. */
export function triedQuestions(
  { target, spec }: Pick<MergeProposal, 'target' | 'spec'>,
  { result, declared }: Tried,
  known: readonly string[],
): readonly MergeQuestion[] {
  const tables = spec.tables.map(({ table }) => table);
  // A question about columns says it already.
  const open = declared.troubles.filter(
    ({ table, refused, changed }) => refused.length + changed.length > 0 || !known.includes(topicOf(table, 'code')),
  );
  const asked = [...new Set(open.map(({ table }) => table))].map((table) => {
    const parts = spec.tables.find((one) => one.table === table)?.parts ?? [];
    const sources = parts.map(({ source }) => spec.sources[source]?.path ?? '');
    return askDeclared(
      table,
      open.filter((one) => one.table === table),
      { target, sources },
    );
  });
  const virtual = result.notVerified.map((one) => askVirtual(one, { target, tables }));
  return [...asked, ...virtual].filter(({ topic }) => !known.includes(topic));
}

type Tried = Extract<MergeTried, { readonly result: unknown }>;

/** In one line: `users 6 + 6 + 3 → 8, sessions 12 + 93 + 6 → 111`. Tables into which nothing comes only where there are no others. */
export function inShort({ tables }: Pick<MergeProposal, 'tables'>): string {
  const counted = tables.flatMap(({ table, rows }) => (rows === null ? [] : [{ table, rows }]));
  const moved = counted.filter(({ rows }) => rows.includes(':'));
  return list(
    (moved.length === 0 ? counted : moved).map(({ table, rows }) => `${table} ${rows.replace(/:.*$/, '')}`),
    4,
  );
}
