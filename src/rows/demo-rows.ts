/**
 * Recognises rows that look like demo, test or seed data. Precision first: a hint for people, never a reason to delete;
 * only counts and names of columns leave this file.
 */
import type { Table } from '../stores/model.ts';
import { hasWord, wordSet, wordsOf } from './column-words.ts';
import type { Row, Value } from './value.ts';

/** `test` is a name in a column of names, and an ordinary value in a column called `environment`. */
const NAMING = wordSet(
  'name names username fullname firstname lastname surname nickname displayname title login user label subject customer client company author owner person contact email mail',
);
const CATEGORY = wordSet(
  'type kind status state mode env environment category role plan tier file path table column field id',
);
const TEST_NAME =
  /^(test|demo|sample|example|dummy|fake|seed|mock)([ _-]?(user|account|data|item|task|product|customer|client|project|company|person|name|admin|post|title|entry))?s?([ _#-]*\d+)?$/i;
const STOCK_NAME = /^(john|jane|max|erika) (doe|mustermann)$|^foo[ _-]?bar( ?baz)?$|^foo$|^asdf+\w*$|^qwerty$/i;
const LOREM = /\blorem ipsum\b/i;
const TEST_MAIL = /^(test|demo|sample|dummy|fake|foo|foobar)([._+-]?(user|admin|account|mail|email))?[._+-]?\d*@/i;
/** Reserved for documentation (RFC 2606): used in good fixtures and bad data alike, so it needs a second mark. */
const RESERVED_MAIL = /@((.+\.)?example\.(com|org|net)|.+\.(test|example|invalid)|test\.com)$/i;
const NUMBERED_MAIL =
  /^(user|customer|client|admin|person|member|student|employee)[._-]?\d+@|^(john|jane)[._-]?doe\d*@/i;
const NUMBERED =
  /^(user|customer|client|person|account|item|product|member|student|employee|project)[ _#-]?(\d{1,6})$/i;
/** `User 1` … `User n` are generated from this many on, if they fill the column without a gap. */
const SEQUENCE = 3;
const SEQUENCE_SHARE = 0.8;

export interface DemoCount {
  add(row: Row): void;
  finish(): Table['demo'];
}

/** `strong`: marks its row alone. `weak`: marks it together with another. */
export function demoMark(value: Value, isNaming: boolean): 'strong' | 'weak' | null {
  if (typeof value !== 'string' || value.length < 3) return null;
  const text = value.length > 400 ? value.slice(0, 400) : value.trim();
  if (text.length >= 11 && LOREM.test(text)) return 'strong';
  if (text.length > 64) return null;
  if (text.includes('@')) {
    const isReserved = RESERVED_MAIL.test(text);
    if (TEST_MAIL.test(text) || (isReserved && NUMBERED_MAIL.test(text))) return 'strong';
    return isReserved ? 'weak' : null;
  }
  if (!isNaming) return null;
  if (TEST_NAME.test(text) || STOCK_NAME.test(text)) return 'strong';
  return NUMBERED.test(text) ? 'weak' : null;
}

interface Tally {
  readonly name: string;
  readonly isNaming: boolean;
  marked: boolean;
  values: number;
  numbered: number;
  lowest: number;
  highest: number;
}

export function startDemo(columns: readonly string[]): DemoCount {
  const tallies = columns.map((name): Tally => {
    const words = wordsOf(name);
    const isNaming = hasWord(words, NAMING) && !hasWord(words, CATEGORY);
    return { name, isNaming, marked: false, values: 0, numbered: 0, lowest: Number.POSITIVE_INFINITY, highest: 0 };
  });
  let rows = 0;
  return {
    add: (row) => {
      if (isDemoRow(tallies, row)) rows++;
    },
    finish: () => {
      const sequences = tallies.filter(isSequence);
      const found = Math.max(rows, ...sequences.map(({ numbered }) => numbered));
      if (found === 0) return undefined;
      const named = tallies.filter((tally) => tally.marked || sequences.includes(tally));
      return { rows: found, columns: named.map(({ name }) => name) };
    },
  };
}

function isDemoRow(tallies: readonly Tally[], row: Row): boolean {
  let strong = false;
  const weak: Tally[] = [];
  for (let i = 0; i < tallies.length; i++) {
    const [tally, value] = [tallies[i], row[i] ?? null];
    if (tally === undefined || typeof value !== 'string') continue;
    tally.values++;
    if (tally.isNaming) countNumber(tally, value);
    const mark = demoMark(value, tally.isNaming);
    if (mark === 'weak') weak.push(tally);
    if (mark !== 'strong') continue;
    strong = true;
    tally.marked = true;
  }
  if (!strong && weak.length < 2) return false;
  for (const tally of weak) tally.marked = true;
  return true;
}

function countNumber(tally: Tally, value: string): void {
  if (value.length > 24) return;
  const match = NUMBERED.exec(value.trim());
  if (match === null) return;
  const number = Number(match[2]);
  tally.numbered++;
  tally.lowest = Math.min(tally.lowest, number);
  tally.highest = Math.max(tally.highest, number);
}

function isSequence(tally: Tally): boolean {
  const hasNoGap = tally.highest - tally.lowest + 1 === tally.numbered;
  return tally.numbered >= SEQUENCE && hasNoGap && tally.lowest <= 1 && tally.numbered >= tally.values * SEQUENCE_SHARE;
}
