/**
 * Moments as rows hold them: ISO text with T or space, dates, seconds and milliseconds since 1970. Refuses what is not
 * on the calendar and every format whose order of day and month is a guess.
 */
import { hasWord, wordSet, wordsOf } from './column-words.ts';
import type { Value } from './value.ts';

const TAIL = /^(?:[.,](\d{1,12}))?\s?(Z|UTC|[+-]\d\d(?::?\d\d)?)?$/i;
const EPOCH = /^(\d{9,13})(?:\.(\d{1,12}))?$/;
/** 1990-01-01 and 2100-01-01, ms: numbers outside are no times. */
const EARLIEST = 631_152_000_000;
const LATEST = 4_102_444_800_000;
const [HYPHEN, COLON, ZERO] = [45, 58, 48];
const SEPARATORS = new Set(['T', 't', ' ']);

interface Moment {
  /** Since 1970, UTC. */
  readonly ms: number;
  /** Decimal digits behind the millisecond, without trailing zeros. */
  readonly finer: string;
}

/** Milliseconds since 1970, UTC (text without a zone counts as UTC), or `null` where the value is no moment. */
export function parseTimestamp(value: Value): number | null {
  return momentOf(value)?.ms ?? null;
}

/** One spelling for each moment: ISO, UTC, to the millisecond or finer. `null` where the value is no moment. */
export function canonicalTimestamp(value: Value): string | null {
  const moment = momentOf(value);
  if (moment === null) return null;
  return new Date(moment.ms).toISOString().replace('Z', `${moment.finer}Z`);
}

function momentOf(value: Value): Moment | null {
  if (typeof value === 'bigint') return fromInteger(Number(value));
  if (typeof value === 'number') return Number.isInteger(value) ? fromInteger(value) : fromReal(value);
  if (typeof value !== 'string' || value.length < 9 || value.length > 48) return null;
  const text = value.trim();
  if (text.charCodeAt(4) === HYPHEN) return fromIso(text);
  const match = EPOCH.exec(text);
  return match === null ? null : fromDigits(match[1] ?? '', match[2] ?? '');
}

/** By position rather than by one expression: every text cell of a table comes through here. */
function fromIso(text: string): Moment | null {
  const [year, month, day] = [digits(text, 0, 4), digits(text, 5, 2), digits(text, 8, 2)];
  if (year < 0 || month < 1 || month > 12 || day < 1 || day > daysOf(year, month)) return null;
  if (text.charCodeAt(7) !== HYPHEN) return null;
  if (text.length === 10) return { ms: utc(year, month, day, 0), finer: '' };
  if (!SEPARATORS.has(text.charAt(10)) || text.charCodeAt(13) !== COLON) return null;
  const [hour, minute] = [digits(text, 11, 2), digits(text, 14, 2)];
  const hasSeconds = text.charCodeAt(16) === COLON;
  const second = hasSeconds ? digits(text, 17, 2) : 0;
  if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 59) return null;
  const ms = utc(year, month, day, ((hour * 60 + minute) * 60 + second) * 1000);
  const tail = text.slice(hasSeconds ? 19 : 16);
  if (tail === '' || tail === 'Z') return { ms, finer: '' };
  const match = TAIL.exec(tail);
  const offset = offsetOf(match?.[2] ?? '');
  const fraction = match?.[1] ?? '';
  if (match === null || offset === null || (fraction !== '' && !hasSeconds)) return null;
  return {
    ms: ms + Number(fraction.slice(0, 3).padEnd(3, '0')) - offset,
    finer: fraction.length <= 3 ? '' : fraction.slice(3).replace(/0+$/, ''),
  };
}

/** The number that `count` digits from `at` write, or -1. */
function digits(text: string, at: number, count: number): number {
  let number = 0;
  for (let i = at; i < at + count; i++) {
    const digit = text.charCodeAt(i) - ZERO;
    if (!(digit >= 0 && digit <= 9)) return -1;
    number = number * 10 + digit;
  }
  return number;
}

/** 31 February is no day; Date would silently make it 2 March. */
function daysOf(year: number, month: number): number {
  if (month === 2) return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0 ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

function utc(year: number, month: number, day: number, ofDay: number): number {
  if (year >= 100) return Date.UTC(year, month - 1, day) + ofDay;
  // Date.UTC takes the years 0 to 99 for 1900 to 1999.
  return new Date(Date.UTC(2000, month - 1, day)).setUTCFullYear(year) + ofDay;
}

/** `+02:00` in ms; `null` for an offset that no place on earth has. */
function offsetOf(zone: string): number | null {
  const sign = zone.charAt(0);
  if (sign !== '+' && sign !== '-') return 0;
  const [hours, minutes] = [Number(zone.slice(1, 3)), Number(zone.slice(3).replace(':', ''))];
  if (hours > 14 || minutes > 59) return null;
  return (sign === '-' ? -1 : 1) * (hours * 60 + minutes) * 60_000;
}

function fromInteger(value: number): Moment | null {
  if (value >= EARLIEST && value <= LATEST) return { ms: value, finer: '' };
  const ms = value * 1000;
  return ms >= EARLIEST && ms <= LATEST ? { ms, finer: '' } : null;
}

/** A double of that size is exact to about a microsecond, and programs write no more. */
function fromReal(value: number): Moment | null {
  if (!Number.isFinite(value) || value > LATEST) return null;
  const scale = value >= EARLIEST ? 1_000 : 1_000_000;
  const micros = Math.round(value * scale);
  const ms = Math.floor(micros / 1000);
  if (ms < EARLIEST || ms > LATEST) return null;
  return {
    ms,
    finer: String(micros - ms * 1000)
      .padStart(3, '0')
      .replace(/0+$/, ''),
  };
}

function fromDigits(whole: string, fraction: string): Moment | null {
  const isMs = Number(whole) >= EARLIEST;
  const ms = isMs ? Number(whole) : Number(whole + fraction.slice(0, 3).padEnd(3, '0'));
  if (ms < EARLIEST || ms > LATEST) return null;
  return { ms, finer: fraction.slice(isMs ? 0 : 3).replace(/0+$/, '') };
}

const TIME_WORDS = wordSet(
  'at ts time timestamp date datetime day created updated modified changed inserted added logged recorded registered received sent seen joined accessed login synced processed completed finished started ended expires expiry expiration exp iat nbf epoch since until due scheduled deadline when mtime ctime atime birthday birthdate dob',
);
const RUN_TOGETHER = /^(date|time)|(date|time|stamp)$|^(creat|updat|modif|insert|expir|last(login|seen|mod|upd|use))/;

/** Whether a column of this name holds a moment of any kind; what makes a large number a time. */
export function isTimeName(name: string): boolean {
  const words = wordsOf(name);
  return hasWord(words, TIME_WORDS) || words.some((word) => RUN_TOGETHER.test(word));
}

/** Times that lie ahead, or belong to the thing and not to its record. */
const AHEAD = wordSet(
  'due expire expires expired expiry expiration exp valid nbf until birth birthday birthdate dob born scheduled schedule next start starts begin begins end ends deadline remind reminds reminder target planned arrival arrives departure departs eta checkin checkout release effective event appointment meeting forecast future timeout ttl retry',
);
const EVENT_WORDS = wordSet(
  'at ts time timestamp date datetime created creation updated update modified changed inserted insert added logged log recorded registered received sent seen used joined accessed login synced sync processed completed finished started ended last mtime ctime crdate',
);
const EVENT_TOGETHER =
  /^(creat\w*|updat\w*|modif\w*|insert\w*|add|added|reg|log)(date|time|on|at|ts)$|^date(created|added|modified|updated)$|^last(modified|updated|update|seen|login|used)$|^timestamp/;

/** Whether a column of this name records when its row came about or changed: what makes a table fresh. */
export function isEventTime(name: string): boolean {
  const words = wordsOf(name);
  if (hasWord(words, AHEAD)) return false;
  return hasWord(words, EVENT_WORDS) || words.some((word) => EVENT_TOGETHER.test(word));
}
