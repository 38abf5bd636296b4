/** What changed between two plans, for a terminal. */
import type { ItemDiff, KeyDiff, PlanDiff } from '../../plan/diff-plans.ts';
import type { Left } from '../../plan/model.ts';
import { block, type Page, paint } from '../page.ts';

const SIGNS: Readonly<Record<ItemDiff['is'], '+' | '-' | '~'>> = { new: '+', gone: '-', changed: '~' };

export function planDiffToTerminal({ actions, decisions, left, other }: PlanDiff, page: Page): string {
  const lines = [
    ...actions.flatMap((one) => item(one, `${one.kind ?? ''} ${one.subject ?? ''}`, page)),
    ...decisions.flatMap((one) => item(one, `decision ${one.id}`, page)),
    ...left.gone.flatMap((one) => leftLines('-', one, page)),
    ...left.new.flatMap((one) => leftLines('+', one, page)),
    ...other.flatMap((one) => keyLines(one, '  ', page)),
  ];
  return lines.length === 0 ? 'The two plans say the same.\n' : `${lines.join('\n')}\n`;
}

function item(one: ItemDiff, name: string, page: Page): readonly string[] {
  const sign = SIGNS[one.is];
  const [first = '', ...rest] = block(`${sign} `, name, page.width);
  return [
    paint(page, sign === '+' ? 'green' : sign === '-' ? 'red' : 'yellow', sign) + first.slice(1),
    ...rest,
    ...one.keys.flatMap((key) => keyLines(key, '    ', page)),
  ];
}

function leftLines(sign: '+' | '-', { path, line, why }: Left, page: Page): readonly string[] {
  const place = line === undefined ? path : `${path}:${line}`;
  return block(`${sign} left alone `, `${place}: ${why}`, page.width);
}

function keyLines({ key, before, after }: KeyDiff, indent: string, page: Page): readonly string[] {
  const [was, is] = [before === '' ? '(nothing)' : before, after === '' ? '(nothing)' : after];
  return block(`${indent}${key}: `, `${was} → ${is}`, page.width);
}
