/** What only the owner can say of a merge: each question with what was counted, what each answer would do, and a proposal where one can be defended. */
import { count, list } from '../../audit/wording.ts';
import type { DeclaredTrouble } from '../declared/model.ts';
import { troubleInWords } from '../declared/troubles.ts';
import type { CodeClash } from './code-clashes.ts';
import type { MergeQuestion } from './model.ts';
import { topicOf } from './topics.ts';

export interface DifferAsked {
  readonly table: string;
  /** Where rows differ, and in how many. */
  readonly columns: readonly { readonly column: string; readonly rows: number }[];
  readonly target: string;
  readonly sources: readonly string[];
  /** All whose rows come into the table, in order of their paths, in which they are merged. */
  readonly order: readonly string[];
  readonly newest: string | null;
  /** Some values are missing on one side. */
  readonly gaps: boolean;
}

export function askDiffer(topic: 'differ' | 'credentials', asked: DifferAsked): MergeQuestion {
  const { table, columns, target, sources, order, newest, gaps } = asked;
  const names = list(columns.map(({ column }) => column));
  const rows = Math.max(...columns.map((one) => one.rows));
  const what = topic === 'credentials' ? 'Which one is valid from now on?' : 'Which value is right?';
  return {
    topic: topicOf(table, topic),
    question: `${count(rows, 'row')} of ${table} ${rows === 1 ? 'differs' : 'differ'} in ${names} between ${list([target, ...sources])}. ${what}`,
    evidence: columns.map((one) => `${table}.${one.column}: ${count(one.rows, 'row')}`),
    choices: {
      ...(newest === null ? {} : { newest: `that of the row with the later ${newest}` }),
      // Each source is merged into what the ones before it left.
      ...(order.length < 2
        ? {
            target: `that of ${target}; the other one is in the ledger`,
            source: `that of ${list(order)}; the other one is in the ledger`,
          }
        : {
            target: `that of ${target}; where it lacks the row, that of the first source by path; what loses is in the ledger`,
            source: `that of ${list(order)}; where several have the row, that of the last by path; what loses is in the ledger`,
          }),
      ...(gaps ? { complete: `the one that is there, where only one is; else that of ${target}` } : {}),
    },
    proposal: newest !== null ? 'newest' : gaps ? 'complete' : 'target',
    goes: ['newest', 'target', 'source', 'complete'],
    holds: 'merge',
  };
}

export function askDeleted(
  table: string,
  rows: number,
  { target, sources, since }: { readonly target: string; readonly sources: readonly string[]; readonly since: string },
): MergeQuestion {
  const [was, them] = rows === 1 ? ['was', 'it'] : ['were', 'them'];
  return {
    topic: topicOf(table, 'deleted'),
    question: `${count(rows, 'row')} of ${table} ${was} deleted in ${target} since ${since}, and ${list(sources)} still ${sources.length === 1 ? 'has' : 'have'} ${them}. Shall ${them === 'it' ? 'it' : 'they'} come back?`,
    evidence: [`${table}: ${count(rows, 'row')} of ${since} not in ${target}`],
    choices: {
      stays: `no: deleted stays deleted, and so does what refers to ${them}; the backup of ${list(sources)} keeps it`,
      returns: `yes: ${rows === 1 ? 'it is' : 'they are'} in ${target} again`,
    },
    proposal: 'stays',
    goes: ['stays', 'returns'],
    holds: 'merge',
  };
}

export function askOnlyInSources(
  topic: string,
  tables: readonly { readonly table: string; readonly rows: number }[],
  target: string,
): MergeQuestion {
  const rows = tables.reduce((sum, one) => sum + one.rows, 0);
  const named = list(tables.map((one) => `${one.table} ${one.rows.toLocaleString('en-US')}`));
  return {
    topic,
    question: `${count(rows, 'row')} that ${target} lacks (${named}) ${rows === 1 ? 'has a number' : 'have numbers'} that it gave away. Nothing tells whether ${rows === 1 ? 'it is new or was' : 'they are new or were'} deleted there. Which is it?`,
    evidence: tables.map((one) => `${one.table}: ${count(one.rows, 'row')}`),
    choices: {
      returns: `new: ${rows === 1 ? 'it comes' : 'they come'} into ${target}`,
      stays: `deleted: ${rows === 1 ? 'it stays' : 'they stay'} out; the backup keeps ${rows === 1 ? 'it' : 'them'}`,
    },
    proposal: 'returns',
    goes: ['returns', 'stays'],
    holds: 'merge',
  };
}

export function askRequired(
  table: string,
  columns: readonly string[],
  sources: readonly string[],
  rows: number,
): MergeQuestion {
  return {
    topic: topicOf(table, 'required'),
    question: `${table} requires ${list(columns)}, which ${list(sources)} ${sources.length === 1 ? 'does' : 'do'} not have. What do ${count(rows, 'row')} get?`,
    evidence: columns.map((column) => `${table}.${column} is NOT NULL and has no default`),
    choices: {
      empty: 'an empty text, or 0; another value can be written at `fill:` of the table',
      retain: `nothing: ${rows === 1 ? 'it stays' : 'they stay'} in ${list(sources)} and ${rows === 1 ? 'is' : 'are'} listed`,
    },
    proposal: null,
    goes: ['empty', 'retain'],
    holds: 'merge',
  };
}

export function askTwin(
  table: string,
  other: string,
  source: string,
  counts: { readonly shared: number; readonly differ: number; readonly own: number },
  places: readonly string[],
): MergeQuestion {
  const named =
    places.length === 0
      ? ''
      : `; ${list(places, 3)} ${places.length === 1 ? 'names' : 'name'} ${other} and must be edited by hand first`;
  return {
    topic: topicOf(table, other, 'twin'),
    question: `${other} of ${source} holds the same kind of rows as ${table}: ${counts.shared} are in both, ${counts.differ} of them differ, ${counts.own} are only there. One list or two?`,
    evidence: places.length === 0 ? ['no line that was understood names it'] : places,
    choices: {
      into: `one: its rows come into ${table}${named}`,
      beside: `two: ${other} comes over under its own name, and nothing that reads it changes`,
      apart: `${other} stays in ${source}`,
    },
    proposal: places.length === 0 ? 'into' : 'beside',
    goes: ['into', 'beside', 'apart'],
    holds: 'merge',
  };
}

export function askCode({ table, sources, places, lacking, required }: CodeClash, target: string): MergeQuestion {
  const columns = Object.keys(lacking);
  const parts = [
    ...(columns.length === 0 ? [] : [`lacks ${list(columns)}`]),
    ...(required.length === 0 ? [] : [`requires ${list([...required])}, which it does not give`]),
  ];
  return {
    topic: topicOf(table, 'code'),
    question: `${list(places, 3)} ${places.length === 1 ? 'declares' : 'declare'} ${table} otherwise than it will be: ${target} ${parts.join(', and ')}. What shall follow?`,
    evidence: places,
    choices: {
      ...(columns.length === 0
        ? {}
        : { alter: `${list(columns)} ${columns.length === 1 ? 'is' : 'are'} added to ${table}` }),
      edit: 'the code is edited by hand, before it is started again',
      apart: `${table} of ${list(sources)} stays apart`,
    },
    proposal: required.length === 0 ? 'alter' : null,
    goes: ['alter', 'edit', 'apart'],
    holds: 'merge',
  };
}

/** Code whose own tables would not take rows of the merged one, or would change them (trap R15). Nothing can be proposed: code or rows are wrong. */
export function askDeclared(
  table: string,
  troubles: readonly DeclaredTrouble[],
  { target, sources }: { readonly target: string; readonly sources: readonly string[] },
): MergeQuestion {
  const places = troubles.map(({ path, line }) => `${path}:${line}`);
  return {
    topic: topicOf(table, 'declared'),
    question: `${list(places, 3)} ${places.length === 1 ? 'declares' : 'declare'} ${table} otherwise than its rows in ${target} will be: a program that goes by it ${list([...new Set(troubles.map(troubleInWords))], 2)}. What shall follow?`,
    evidence: troubles.map((one) => `${one.path}:${one.line} ${troubleInWords(one)}`),
    choices: {
      edit: 'the rows come in; the code is edited by hand before it is started again, and listed until then',
      apart: `${table} of ${list([...sources])} stays apart`,
    },
    proposal: null,
    goes: ['edit', 'apart'],
    holds: 'merge',
  };
}

/** Virtual tables of the target that learn nothing of what comes in, or of which nobody can tell (trap R20). */
export function askVirtual(
  { what, why }: { readonly what: string; readonly why: string },
  { target, tables }: { readonly target: string; readonly tables: readonly string[] },
): MergeQuestion {
  return {
    topic: topicOf(what, 'virtual'),
    question: `${what} of ${target} is not verified (${why}): it stays as it is, and whether it knows of the rows that come into ${list([...tables])} nobody here can tell. May they come in all the same?`,
    evidence: [`${what}: ${why}`],
    choices: {
      accept: `yes: the program that keeps ${what} makes it again afterwards`,
      wait: 'no: nothing is merged',
    },
    proposal: null,
    goes: ['accept'],
    holds: 'merge',
  };
}

export interface RefusedRows {
  readonly table: string;
  readonly source: string;
  readonly rows: number;
  readonly why: string;
  /** Masked. */
  readonly examples: readonly string[];
}

/** Rows that no answer above brings in (trap R7). */
export function askRefused(table: string, refused: readonly RefusedRows[]): MergeQuestion {
  const rows = refused.reduce((sum, one) => sum + one.rows, 0);
  const sources = [...new Set(refused.map(({ source }) => source))].sort();
  return {
    topic: topicOf(table, 'refused'),
    question: `${count(rows, 'row')} of ${list(sources)} cannot come into ${table} (${list([...new Set(refused.map(({ why }) => why))])}). May ${sources.length === 1 ? 'the store' : 'the stores'} go all the same?`,
    evidence: refused.map(
      (one) =>
        `${one.source}: ${count(one.rows, 'row')}, ${one.why}${one.examples.length === 0 ? '' : `; values like ${one.examples.join(', ')}`}`,
    ),
    choices: {
      accept: `yes: ${rows === 1 ? 'it is' : 'they are'} in the vault, for ever, and in the ledger`,
      wait: `no: ${list(sources)} ${sources.length === 1 ? 'stays' : 'stay'} where ${sources.length === 1 ? 'it is' : 'they are'}`,
    },
    proposal: null,
    goes: ['accept'],
    holds: sources,
  };
}
