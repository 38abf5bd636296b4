/** The balance of a run's merges: per table, what became of every row of every source. */
import { count, list, thousands } from '../../audit/wording.ts';
import type {
  DifferCount,
  IdMapDocument,
  LedgerDocument,
  LedgerMerge,
  PartBalance,
} from '../../merge/ledger/documents.ts';
import { retainedWords, wonWords } from '../../merge/rule-words.ts';
import { block, type Page, paint, table, wrap } from '../page.ts';
import { nextLines } from '../run/run-terminal.ts';
import { hidesAny, rowLines } from './rows.ts';

const COLUMNS = [
  { title: 'from' },
  { title: 'rows', align: 'right' },
  { title: '= inserted', align: 'right' },
  { title: '+ identical', align: 'right' },
  { title: '+ merged', align: 'right' },
  { title: '+ retained', align: 'right' },
] as const;

export function ledgerToTerminal(ledger: LedgerDocument, page: Page): string {
  const { run, status, merges, balanced, listed } = ledger;
  const word = balanced ? 'every row has one place' : 'NOT balanced: desprawl verify compares it with the rows';
  const targets = new Map(merges.map(({ action, target }) => [action, target]));
  const lines = [
    ...wrap(`ledger of ${run} (${status}) · ${word}`, page.width).map((line) =>
      balanced ? line : paint(page, 'red', line),
    ),
    ...(listed === null
      ? merges.flatMap((merge) => mergeLines(merge, page))
      : ['', ...rowLines(listed, targets, page)]),
    ...next(ledger, page),
  ];
  return `${lines.join('\n')}\n`;
}

export function idMapToTerminal({ run, to, files }: IdMapDocument, page: Page): string {
  const rows = files.map((one) => [one.file, thousands(one.rows), `${one.table} of ${one.store}`]);
  const columns = [{ title: 'file' }, { title: 'rows', align: 'right' }, { title: 'of', plain: true }] as const;
  const lines = [
    ...wrap(`id map of ${run}: ${count(files.length, 'file')} in ${to}`, page.width),
    '',
    ...table(columns, rows, page.width),
  ];
  return `${lines.join('\n')}\n`;
}

function mergeLines({ action, target, file, tables }: LedgerMerge, page: Page): readonly string[] {
  return [
    '',
    ...block('', `${action} → ${target}`, page.width).map((line) => paint(page, 'bold', line)),
    ...block('  in the state  ', file, page.width),
    ...tables.filter(hasRows).flatMap(({ table: name, before, after, parts }) => {
      const rows = parts.map((part) => [
        fromOf(part),
        ...[part.rows, part.inserted, part.identical, part.merged, part.retained].map(thousands),
      ]);
      return [
        '',
        ...block('  ', `${name}: ${count(before, 'row')} before, ${thousands(after)} after`, page.width),
        ...table(COLUMNS, rows, page.width - 4).map((line) => `    ${line}`),
        ...parts.flatMap((part) => noteLines(part, target, parts.length > 1, page)),
      ];
    }),
    ...nothingCame(tables, page),
  ];
}

const hasRows = ({ parts }: LedgerMerge['tables'][number]): boolean => parts.some(({ rows }) => rows > 0);

/** Tables that are empty in every source: many projects have more of these than of others. */
function nothingCame(tables: LedgerMerge['tables'], { width }: Page): readonly string[] {
  const names = tables.filter((one) => !hasRows(one)).map(({ table: name, after }) => `${name} (${thousands(after)})`);
  if (names.length === 0) return [];
  return ['', ...block('  empty in every source  ', `${list(names, names.length)}; as many rows as before`, width)];
}

function fromOf({ store, sourceTable, table: name }: PartBalance): string {
  return sourceTable === name ? store : `${sourceTable} of ${store}`;
}

function noteLines(part: PartBalance, target: string, isOneOfSeveral: boolean, { width }: Page): readonly string[] {
  const out = part.retainedBy.map(
    ({ rule, detail, rows }) =>
      `${count(rows, 'row')} of ${fromOf(part)}: ${retainedWords(rule)}${detail === null ? '' : ` (${detail})`}`,
  );
  const left = part.leftOut.filter(({ filled }) => filled > 0);
  return [
    ...out.flatMap((text) => block('    stayed out  ', text, width)),
    ...[...new Set(part.differs.map(({ column }) => column))].flatMap((column) =>
      block(
        '    differ      ',
        `${isOneOfSeveral ? `${fromOf(part)}: ` : ''}${differText(column, part.differs, part.store, target)}`,
        width,
      ),
    ),
    ...(left.length === 0
      ? []
      : block(
          '    left out    ',
          `${list(left.map(({ column, filled }) => `${column} (${count(filled, 'value')})`))} of ${fromOf(part)}`,
          width,
        )),
  ];
}

/** `city: 2 rows, data/hub.db won (policy target)`. */
export function differText(column: string, all: readonly DifferCount[], store: string, target: string): string {
  const own = all.filter((one) => one.column === column);
  const rows = own.reduce((sum, one) => sum + one.rows, 0);
  const won = own.map(({ winner, rule, rows: of }) => {
    const name = winner === 'source' ? store : target;
    return `${name} won${own.length === 1 ? '' : ` ${thousands(of)}`} (${wonWords(rule)})`;
  });
  return `${column}: ${count(rows, 'row')}, ${won.join(', ')}`;
}

function next({ run, merges, listed }: LedgerDocument, page: Page): readonly string[] {
  const differs = merges.some(({ tables }) => tables.some(({ parts }) => parts.some((part) => part.conflicts > 0)));
  const commands: (readonly [readonly string[], string])[] = [];
  if (listed !== null && hidesAny(listed)) {
    return ['', ...block('next   ', 'the same command with --show-values shows keys and both values', page.width)];
  }
  if (listed === null && differs) commands.push([['conflicts', run], 'who won where two values were']);
  if (listed === null) commands.push([['ledger', run, '--presence', 'retained'], 'rows that stayed out']);
  commands.push([['verify', run], 'compares all of it with the rows']);
  return ['', ...nextLines(commands, page)];
}
