/** Shall the rows of a text file come in (trap X1)? Asked with its columns: which is which, and how that was found. */
import { count, list } from '../../audit/wording.ts';
import type { MergeQuestion } from './model.ts';
import { topicOf } from './topics.ts';

export interface ImportAsked {
  /** Of the target. */
  readonly table: string;
  readonly file: string;
  /** Of the file, those that the table lacks. */
  readonly rows: number;
  readonly columns: readonly {
    readonly from: string;
    readonly to: string;
    readonly by: 'name' | 'values' | 'kind' | 'look-up';
  }[];
  /** Columns that only the file has. */
  readonly added: readonly string[];
  /** Columns that only the table has. */
  readonly empty: readonly string[];
}

const HOW = {
  name: 'by name',
  values: 'by their values',
  kind: 'a guess: the only one of its kind',
  'look-up': 'the key of the row that is called so; rows without one such row, or with several, stay out',
} as const;

export function importTopic(table: string, file: string): string {
  return topicOf(table, file, 'import');
}

/** `amongOthers`: the merge goes on without it. */
export function askImport(asked: ImportAsked, amongOthers: boolean): MergeQuestion {
  const { table, file, rows, columns, added, empty } = asked;
  const others = columns.filter(({ by }) => by !== 'name');
  const named = columns.length - others.length;
  return {
    topic: importTopic(table, file),
    question: `${file} has ${count(rows, 'row')} that ${table} lacks. Shall ${rows === 1 ? 'it' : 'they'} come in, column by column as listed?`,
    evidence: [
      ...(named === 0
        ? []
        : [
            `by name: ${list(
              columns.filter(({ by }) => by === 'name').map(({ from }) => from),
              12,
            )}`,
          ]),
      ...others.map(({ from, to, by }) => `${from} → ${to}, ${HOW[by]}`),
      ...(added.length === 0 ? [] : [`only in the file: ${list([...added], 12)}: new in ${table}`]),
      ...(empty.length === 0 ? [] : [`only in the table: ${list([...empty], 12)}: given by it, or left empty`]),
    ],
    choices: {
      import: `yes: into ${table}; other columns can be said at \`columns:\` of the table`,
      apart: `no: ${file} stays where it is, with its rows`,
    },
    // What only the kind or the values of a column tell, a person has to have seen.
    proposal: others.length === 0 ? 'import' : null,
    goes: amongOthers ? ['import', 'apart'] : ['import'],
    holds: 'merge',
  };
}
