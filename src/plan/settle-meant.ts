/** What an action that settles means: which values of which ledger, and what would come of it now. */
import { count } from '../audit/wording.ts';
import { readWish, type SettleWish, writeWish } from '../merge/settle/words.ts';
import type { Measured } from './measured.ts';
import type { Settle } from './model.ts';
import type { SettleAsked, SettledCount, SettleTried } from './settle-port.ts';

export async function settleMeant(
  { subject, run, of, values }: Pick<Settle, 'subject' | 'run' | 'of' | 'values'>,
  on: Pick<Measured, 'settling'>,
): Promise<{ readonly asked: SettleAsked; readonly tried: SettleTried } | { readonly why: string }> {
  const wishes: SettleWish[] = [];
  for (const text of values) {
    const wish = readWish(text);
    if (wish === null)
      return { why: `"${text}" is no value to settle: \`table.column from store\`, or with \` rows 4, 17\`` };
    wishes.push(wish);
  }
  // Written in any order, it is the same.
  const sorted = wishes.sort((x, y) => (writeWish(x) < writeWish(y) ? -1 : 1));
  if (on.settling === undefined) return { why: 'nothing here can read a ledger' };
  const asked = { target: subject, merge: { run, action: of }, wishes: sorted };
  return { asked, tried: await on.settling.tryOut(asked) };
}

/** `users.phone: 3 rows, 1 written since stays as it is` */
export function settledInWords({ table, columns, rows, since, refused }: SettledCount): string {
  const more = [
    ...(since === 0 ? [] : [`${count(since, 'row')} written since ${since === 1 ? 'stays' : 'stay'}`]),
    ...(refused === 0
      ? []
      : [`${count(refused, 'row')} ${refused === 1 ? 'keeps its' : 'keep their'} value: the store refuses another`]),
  ];
  return `${columns.map((column) => `${table}.${column}`).join(', ')}: ${count(rows - refused, 'row')}${more.map((one) => `; ${one}`).join('')}`;
}
