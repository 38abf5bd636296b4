/** Texts of a file that does not parse, with the little that stands in front of them: `$x = '…'`, `new PDO('…'`, SQL anywhere. */
import type { Draft } from '../empty-facts.ts';
import type { Expr, Span } from '../facts.ts';
import type { Lines } from '../text-lines.ts';
import { decodePhp, innerOf, type Mark, type PhpScan, VARIABLE } from './scan.ts';
import { sqlOf } from './sql-text.ts';

const MOST_TEXTS = 5_000;
const ASSIGNED = /\$(\w+)\s*=\s*$/;
const CALLED = /(new\s+)?\\?((?:[A-Za-z_]\w*\\)*[A-Za-z_]\w*)\s*\(\s*$/;

export function addLoneTexts(facts: Draft, text: string, scan: PhpScan, lines: Lines, seen: ReadonlySet<number>): void {
  let count = 0;
  for (const mark of scan.marks) {
    if (mark.kind !== 'text' || mark.v === '`' || seen.has(mark.start) || count >= MOST_TEXTS) continue;
    count += 1;
    addLoneText(facts, text, mark, lines);
  }
}

function addLoneText(facts: Draft, text: string, mark: Mark, lines: Lines): void {
  const { start, end } = innerOf(text, mark);
  const inner = text.slice(start, Math.min(end, start + 100_000));
  const at: Span = [mark.start, mark.end, lines.lineAt(mark.start)];
  const filled = mark.v === "'" || mark.v === "<<<'" ? inner : inner.replace(VARIABLE, '?');
  const value = decodePhp(filled, mark.v);
  const sql = sqlOf([{ value }], at, lines.lineAt(start), () => {});
  if (sql === undefined && filled !== inner) return;
  const expr: Expr = sql ?? { k: 'text', v: value, at };
  const before = text.slice(Math.max(0, mark.start - 100), mark.start);
  const assigned = ASSIGNED.exec(before);
  const called = CALLED.exec(before);
  if (assigned !== null) facts.assigns.push({ scope: 0, to: assigned[1] as string, value: expr, at, maybe: true });
  else if (called !== null && !/^(?:if|while|array|isset|switch|foreach|for)$/i.test(called[2] as string)) {
    const fn: Expr = { k: 'name', v: called[2] as string };
    const made = called[1] === undefined ? {} : { new: true as const };
    facts.statements.push({ scope: 0, value: { k: 'call', fn, args: [expr], ...made, at }, at, maybe: true });
  } else if (sql !== undefined) facts.statements.push({ scope: 0, value: sql, at, maybe: true });
}
