/** Where two values were: per table and column how many, and who won or will. Knows no value but those that were asked for. */
import { count, list, thousands } from '../../audit/wording.ts';
import type {
  ColumnConflict,
  ConflictsDocument,
  PlannedConflict,
  PlannedConflictsDocument,
} from '../../merge/ledger/documents.ts';
import { wonWords } from '../../merge/rule-words.ts';
import { block, type Page, paint, wrap } from '../page.ts';
import { nextLines } from '../run/run-terminal.ts';
import { hidesAny, rowLines } from './rows.ts';

export function conflictsToTerminal(document: ConflictsDocument, page: Page): string {
  const { run, status, conflicts, listed } = document;
  const { width } = page;
  const targets = new Map(conflicts.map(({ action, target }) => [action, target]));
  const what = conflicts.length === 0 ? 'no row had two values' : `${count(conflicts.length, 'column')} had two values`;
  const lines = [
    ...wrap(`conflicts of ${run} (${status}) · ${what}`, width),
    ...grouped(conflicts, page, wonLines),
    ...(conflicts.length === 0 ? [] : ['', ...block('  both values  ', whereText(conflicts), width)]),
    ...(listed === null || conflicts.length === 0 ? [] : ['', ...rowLines(listed, targets, page)]),
    ...(conflicts.length === 0 ? [] : next(document, page)),
  ];
  return `${lines.join('\n')}\n`;
}

export function plannedToTerminal(document: PlannedConflictsDocument, page: Page & { readonly file: string }): string {
  const { plan, conflicts, notMeasured } = document;
  const { width } = page;
  const open = conflicts.filter(({ state }) => state === 'open').length;
  const what =
    conflicts.length === 0
      ? 'no row would have two values'
      : `${count(conflicts.length, 'column')} would have two values, ${open === 0 ? 'none' : thousands(open)} open`;
  const asked = conflicts.some(({ state, decision }) => state === 'open' && decision === null);
  const command = asked ? ['plan', '--from', page.file] : ['apply', page.file];
  const lines = [
    ...wrap(`conflicts of the plan ${plan} · ${what}`, width),
    ...grouped(conflicts, page, plannedLines),
    ...notMeasured.flatMap(({ action, why }) => ['', ...block('  not measured  ', `${action}: ${why}`, width)]),
    ...(open === 0 ? [] : ['', ...nextLines([[command, asked ? 'asks about them' : 'asks what is open']], page)]),
  ];
  return `${lines.join('\n')}\n`;
}

interface OfTable {
  readonly table: string;
  readonly target: string;
  readonly action: string;
}

/** Below a line for each table. */
function grouped<T extends OfTable>(
  conflicts: readonly T[],
  page: Page,
  linesOf: (one: T, width: number) => readonly string[],
): readonly string[] {
  let head = '';
  return conflicts.flatMap((one) => {
    const own = `${one.table} in ${one.target}`;
    const title = own === head ? [] : ['', ...wrap(own, page.width).map((line) => paint(page, 'bold', line))];
    head = own;
    return [...title, ...linesOf(one, page.width)];
  });
}

function wonLines({ column, rows, by, target, decision, settled }: ColumnConflict, width: number): readonly string[] {
  const decided = decision === null ? '' : `; decided: ${decision}`;
  const won = by.map(({ store, winner, rule, rows: of }) => {
    const [own, other] = winner === 'source' ? [store, target] : [target, store];
    return `${own} won over ${other}${by.length === 1 ? '' : ` in ${thousands(of)}`} (${wonWords(rule)})`;
  });
  const since = settled.map(
    ({ run, from, rows: of }) => `; settled since in ${thousands(of)}: that of ${from} (${run})`,
  );
  return block(`  ${column}  `, `${count(rows, 'row')}: ${won.join(', ')}${decided}${since.join('')}`, width);
}

function plannedLines(one: PlannedConflict, width: number): readonly string[] {
  const of = one.stores.length === 0 ? '' : ` of ${list(one.stores.map(({ store }) => store))}`;
  return block(`  ${one.column}  `, `${count(one.rows, 'row')}${of} · ${stateText(one)}`, width);
}

function stateText({ state, policy, decision, proposal }: PlannedConflict): string {
  switch (state) {
    case 'open':
      if (decision === null) return 'open: the plan says nothing of it yet';
      return `open: ${decision}${proposal === null ? '' : `, proposed: ${proposal}`}`;
    case 'answered':
      return `answered: ${policy ?? ''} (${decision ?? ''})`;
    case 'said':
      return `the plan says: ${policy ?? ''}`;
    case 'fixed':
      return 'settled by an earlier state, or since rows are named by it';
  }
}

function whereText(conflicts: readonly ColumnConflict[]): string {
  const stores = [...new Set(conflicts.flatMap(({ by }) => by.map(({ store }) => store)))].sort();
  return `in the ledger; what won is in ${list([...new Set(conflicts.map(({ target }) => target))])}, and the stores as they were (${list(stores)}) are in the vault`;
}

/** Rules by which a value lost that cannot win: rows are named by the other one, or the store would not hold it. */
const STAYS = new Set(['key', 'would-change', 'refused']);

function next({ run, listed, conflicts }: ConflictsDocument, page: Page): readonly string[] {
  if (listed !== null && hidesAny(listed)) {
    return ['', ...block('next   ', 'the same command with --show-values shows keys and both values', page.width)];
  }
  if (listed !== null) return [];
  const lost = conflicts.flatMap(({ table, column, by }) => {
    const one = by.find(({ winner, rule }) => winner === 'target' && !STAYS.has(rule));
    return one === undefined ? [] : [`${table}.${column} from ${one.store}`];
  });
  const [take] = lost;
  return [
    '',
    ...nextLines(
      [
        [['conflicts', run, '--show-values'], 'row by row, with both values'],
        ...(take === undefined ? [] : [[['conflicts', run, '--take', take], 'plans that the other one wins'] as const]),
      ],
      page,
    ),
  ];
}
