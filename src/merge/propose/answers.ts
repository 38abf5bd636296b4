/** What the answers to a merge's questions make of its tables. A question that is open changes nothing: what waits for it is not applied. */
import type { Store } from '../../stores/model.ts';
import type { Policy } from '../model.ts';
import { NOBODY, readReference, writeReference } from '../reference-words.ts';
import { type MergeTable, PLAIN_TABLE } from '../settings.ts';
import { importTopic } from './ask-import.ts';
import { identityTopic } from './borrowed-mail.ts';
import type { CodeClash } from './code-clashes.ts';
import { isSecret } from './differ.ts';
import { isText, sameName } from './divide.ts';
import { refersTopic } from './role-references.ts';
import { baseOf } from './spec.ts';
import { topicOf } from './topics.ts';

export interface AnswerInput {
  readonly target: Store | null;
  /** Sorted by path. */
  readonly sources: readonly Store[];
  readonly clashes: readonly CodeClash[];
}

const POLICIES: readonly Policy[] = ['target', 'source', 'newest', 'complete'];
/** One question for all tables whose rows may be new or deleted, where no earlier state tells. */
export const ONLY_IN_SOURCES = 'only-in-sources';

/** `answers`: topic → choice. */
export function withAnswers(
  tables: readonly MergeTable[],
  answers: ReadonlyMap<string, string>,
  input: AnswerInput,
): readonly MergeTable[] {
  return tables
    .map((said) => clashing(said, answers, input))
    .map((said) => declaredApart(said, answers, input))
    .map((said) => notImported(said, answers, input))
    .flatMap((said) => twins(said, answers))
    .map((said) => settled(said, answers, input));
}

/** One list or two: what comes beside is a table of its own. */
function twins(said: MergeTable, answers: ReadonlyMap<string, string>): readonly MergeTable[] {
  const found = [said];
  for (const [source, name] of Object.entries(said.from)) {
    const answer = answers.get(topicOf(said.table, name, 'twin'));
    if (answer !== 'beside' && answer !== 'apart') continue;
    const [first = said, ...others] = found;
    const { [source]: _gone, ...from } = first.from;
    found.splice(0, found.length, { ...first, from, apart: [...first.apart, source] }, ...others);
    const known = found.findIndex(({ table }) => table === name);
    if (answer === 'apart') continue;
    if (known < 0) found.push({ ...PLAIN_TABLE, table: name, identity: said.identity, references: said.references });
  }
  return found;
}

/** Text files whose rows are not wanted. */
function notImported(said: MergeTable, answers: ReadonlyMap<string, string>, { sources }: AnswerInput): MergeTable {
  const out = sources
    .filter((store) => isText(store) && answers.get(importTopic(said.table, store.path)) === 'apart')
    .map(({ path }) => path);
  return out.length === 0 ? said : { ...said, apart: [...new Set([...said.apart, ...out])] };
}

function clashing(said: MergeTable, answers: ReadonlyMap<string, string>, { clashes }: AnswerInput): MergeTable {
  const answer = answers.get(topicOf(said.table, 'code'));
  const own = clashes.find(({ table }) => table === said.table);
  if (own === undefined) return said;
  if (answer === 'alter') return { ...said, add: { ...own.lacking, ...said.add } };
  if (answer === 'apart') return { ...said, apart: [...new Set([...said.apart, ...own.sources])] };
  return said;
}

/** Rows that the code of the target, or of another source, would not take stay where they are: those of every source. */
function declaredApart(said: MergeTable, answers: ReadonlyMap<string, string>, { sources }: AnswerInput): MergeTable {
  if (answers.get(topicOf(said.table, 'declared')) !== 'apart') return said;
  return { ...said, apart: [...new Set([...said.apart, ...sources.map(({ path }) => path)])] };
}

function settled(said: MergeTable, answers: ReadonlyMap<string, string>, input: AnswerInput): MergeTable {
  const base = baseOf(said, input);
  const all = base === null ? [] : [base.table, ...base.parts.map(({ table }) => table)];
  const policyOf = (topic: string): Policy | undefined =>
    POLICIES.find((one) => one === answers.get(topicOf(said.table, topic)));
  const differ = Object.entries(said.differ).map(([column, policy]): [string, Policy | 'ask'] => {
    if (policy !== 'ask') return [column, policy];
    return [column, policyOf(isSecret(column, all) ? 'credentials' : 'differ') ?? 'ask'];
  });
  const fill = Object.entries(said.fill).flatMap(([column, value]): [string, string | number | null][] => {
    const answer = answers.get(topicOf(said.table, 'required'));
    if (value !== null || answer === undefined) return [[column, value]];
    const type = base?.table.columns.find(({ name }) => name === column)?.type ?? '';
    return answer === 'empty' ? [[column, /INT|REAL|NUM|DEC|DOUB|FLOA|BOOL/i.test(type) ? 0 : '']] : [];
  });
  const deleted = answers.get(topicOf(said.table, 'deleted')) ?? answers.get(ONLY_IN_SOURCES);
  const mail = base?.table.columns.find(({ name }) => name === answers.get(identityTopic(said.table)))?.name;
  return {
    ...said,
    ...(mail === undefined ? {} : { identity: [mail], agreeing: false }),
    differ: Object.fromEntries(differ),
    fill: Object.fromEntries(fill),
    references: said.references
      .filter((text) => isMeant(text, said.table, answers))
      .map((text) => withOwners(text, said.table, answers, input)),
    ...(said.deleted === 'ask' && (deleted === 'stays' || deleted === 'returns') ? { deleted } : {}),
  };
}

/** What a column refers to whose name only says a role, people say: one of the tables, or none. */
function isMeant(text: string, table: string, answers: ReadonlyMap<string, string>): boolean {
  const spec = readReference(text)?.spec;
  const [column = ''] = spec?.columns ?? [];
  const answer = answers.get(refersTopic(table, column));
  return spec === undefined || answer === undefined || (answer !== NOBODY && sameName(answer, spec.to));
}

/** Whose ids a column holds stands with the reference. */
function withOwners(
  text: string,
  table: string,
  answers: ReadonlyMap<string, string>,
  { sources }: AnswerInput,
): string {
  const said = readReference(text);
  const [column] = said?.spec.columns ?? [];
  if (said === null || column === undefined) return text;
  const found = sources.flatMap(({ path }): [string, string][] => {
    const answer = answers.get(topicOf(table, column, 'ids', path));
    return answer === undefined || said.idsOf[path] !== undefined ? [] : [[path, answer]];
  });
  return found.length === 0
    ? text
    : writeReference({ ...said, idsOf: { ...said.idsOf, ...Object.fromEntries(found) } });
}
