/** Rows of a ledger for a terminal: where each came from and is, what of it differed. Values stand here only if they were asked for. */
import { count, thousands } from '../../audit/wording.ts';
import type { Address, Cell, Difference, ListedRows } from '../../merge/ledger/documents.ts';
import { retainedWords, wonWords } from '../../merge/rule-words.ts';
import { block, type Page, paint, wrap } from '../page.ts';

/** `targets`: action → what the rows came into. */
export function rowLines(listed: ListedRows, targets: ReadonlyMap<string, string>, page: Page): readonly string[] {
  const { rows, of } = listed;
  const shown =
    rows.length < of ? `${thousands(rows.length)} of ${count(of, 'row')}: --limit shows more` : count(of, 'row');
  const lines = [...wrap(shown, page.width)];
  let head = '';
  for (const row of rows) {
    const target = targets.get(row.action) ?? '';
    const from = row.sourceTable === row.table ? row.store : `${row.sourceTable} of ${row.store}`;
    const own = `${row.table} · ${from} → ${target}`;
    if (own !== head) {
      const [first = '', ...more] = wrap(own, page.width);
      lines.push('', paint(page, 'bold', first), ...more);
    }
    head = own;
    const to = row.target === null ? '' : ` → ${addressText(row.target)}`;
    const why = row.rule === null ? '' : `: ${retainedWords(row.rule)}${row.detail === null ? '' : ` (${row.detail})`}`;
    lines.push(...block('  ', `${addressText(row.source)}${to} · ${row.presence}${why}`, page.width));
    lines.push(...row.differs.flatMap((one) => differLines(one, row.store, target, page)));
  }
  return lines;
}

function differLines(one: Difference, store: string, target: string, { width }: Page): readonly string[] {
  const [winner, loser] = one.winner === 'source' ? [store, target] : [target, store];
  const head = block('    ', `${one.column}: ${winner} won, ${wonWords(one.rule)}`, width);
  if (one.won === undefined || one.lost === undefined) return head;
  return [
    ...head,
    ...block('      won   ', `${cellText(one.won)}`, width),
    ...block('      lost  ', `${cellText(one.lost)} (${loser})`, width),
  ];
}

/** `id 5`; `email …` where the value is not shown. */
function addressText(address: Address): string {
  return Object.entries(address)
    .map(([column, value]) => `${column} ${value === null ? '…' : cellText(value)}`)
    .join(', ');
}

/** Text in quotes: a number and its digits are two values. */
function cellText(value: Cell): string {
  if (value === null) return 'NULL';
  return typeof value === 'number' ? String(value) : JSON.stringify(value);
}

/** Something of the rows is hidden: how it is shown. */
export function hidesAny({ rows, showValues }: ListedRows): boolean {
  const isHidden = (address: Address | null): boolean => Object.values(address ?? {}).includes(null);
  return !showValues && rows.some((row) => row.differs.length > 0 || isHidden(row.source) || isHidden(row.target));
}
