/**
 * Says how the beginning of a file is delimited, or that it is not rows at all. A name that ends in .csv or .tsv is believed;
 * any other file has to prove itself by its content, since a false CSV is worse than a missed one.
 */
import { isUtf8 } from 'node:buffer';
import type { CsvDialect } from '../model.ts';
import { decodeWindows1252, type Encoding, hasUtf8Bom, unfinishedUtf8 } from './decode.ts';
import { looksLikeHeader, provesRows } from './header.ts';
import { BrokenRecord, type Cell, splitRecords } from './records.ts';

/** What the head of a file tells; the counts need the whole of it. */
export type CsvDialectGuess = Omit<CsvDialect, 'lines' | 'ragged' | 'formulaCells'>;

/** A shorter head is taken for the whole file. */
export const HEAD_BYTES: number = 256 * 1024;
const WHOLE_BELOW = 64 * 1024;

const DELIMITERS = [',', ';', '\t', '|'] as const;
const CSV_NAME = /\.(csv|tsv|tab|psv)$/;
/** Suffixes of code, prose, settings and logs: full of commas, never tables. */
const NEVER =
  /\.(md|mdx|rst|adoc|tex|html?|xml|svg|xsd|json[5cl]?|ndjson|ya?ml|toml|ini|cfg|conf|config|env|properties|plist|lock|log|sql|py|pyi|js|jsx|ts|tsx|mjs|cjs|mts|cts|vue|svelte|css|scss|less|php|rb|go|rs|java|kt|swift|c|h|cc|cpp|hpp|cs|sh|bash|zsh|fish|ps1|bat|pl|lua|r|jl|dart|scala|ex|exs|erl|clj|hs|tf|proto|graphql|prisma|diff|patch|pem|crt|key|po|pot|srt|vtt|ics|vcf|eml|dockerfile|makefile|gitignore|ipynb|map|yarn)$/;
const NAMES_NEVER =
  /^(dockerfile|makefile|readme|license|licence|changelog|authors|codeowners|procfile|gemfile|requirements.*)(\..*)?$|^\./;

/** Decides from the first `HEAD_BYTES` of a file called `path`; `null`: not delimited rows. */
export function detectDialect(head: Uint8Array, path: string): CsvDialectGuess | null {
  const name = path.slice(path.lastIndexOf('/') + 1).toLowerCase();
  const named = CSV_NAME.test(withoutBackupSuffix(name));
  if (!named && (NEVER.test(withoutBackupSuffix(name)) || NAMES_NEVER.test(name))) return null;
  const encoding = detectEncoding(head);
  if (encoding === null) return null;
  const text = decodeHead(head, encoding.encoding).replace(/^\ufeff/, '');
  if (text.trim() === '' || isBinary(text, named)) return null;
  const loneCr = !text.includes('\n') && text.includes('\r');
  const whole = head.length < WHOLE_BELOW;
  const best = DELIMITERS.map((delimiter) => tryDelimiter(text, delimiter, loneCr, whole)).reduce((a, b) =>
    b.score > a.score ? b : a,
  );
  if (named ? !isPlausible(text) : best.broken || !provesRows(best.records, best.delimiter)) return null;
  return {
    delimiter: best.width < 2 ? (/\.(tsv|tab)$/.test(name) ? '\t' : ',') : best.delimiter,
    quote: best.quote,
    ...encoding,
    eol: eolOf(text, loneCr),
    header: named ? looksLikeHeader(best.records) : true,
  };
}

/** `users.csv.bak`, `users.csv.2024-01-01`, `users.csv~` → `users.csv`. */
export function withoutBackupSuffix(name: string): string {
  return name.replace(/(\.(bak|backup|old|orig|save|tmp|copy)\d*|\.\d[\d\-_.t]*|~)+$/i, '') || name;
}

interface Attempt {
  readonly delimiter: (typeof DELIMITERS)[number];
  readonly quote: CsvDialect['quote'];
  readonly records: readonly (readonly Cell[])[];
  /** The most frequent number of cells. */
  readonly width: number;
  readonly score: number;
  /** A quote is not closed, or followed by text. */
  readonly broken: boolean;
}

function tryDelimiter(text: string, delimiter: Attempt['delimiter'], loneCr: boolean, whole: boolean): Attempt {
  const quote = quoteOf(text, delimiter);
  let records: readonly (readonly Cell[])[] = [];
  let broken = false;
  const split = (to: number): void => {
    const syntax = { delimiter, quote, loneCr };
    try {
      records = splitRecords(text.slice(0, to), syntax, whole && to === text.length, { lf: 0, crlf: 0, cr: 0 }).records;
    } catch (error) {
      if (!(error instanceof BrokenRecord)) throw error;
      broken = true;
      // What stands before the broken place still shows the delimiter; the reader will name the line.
      const before = text.lastIndexOf('\n', error.at - 1) + 1;
      if (before > 0 && before < to) split(before);
    }
  };
  split(text.length);
  const widths = new Map<number, number>();
  for (const record of records) widths.set(record.length, (widths.get(record.length) ?? 0) + 1);
  const [width, count] = [...widths].reduce((a, b) => (b[1] > a[1] ? b : a), [0, 0]);
  const steady = records.length === 0 ? 0 : count / records.length;
  // Steadiness first: prose has commas too, but never the same number. More cells decide between steady ones. Names of columns
  // hold no delimiters, so a first record of another width speaks against it (`id;price` above `1;2,50`).
  const first = records[0]?.length === width ? 1 : 0.1;
  const score = width < 2 ? 0 : steady ** 2 * Math.min(width, 50) ** 0.5 * first * (broken ? 0.5 : 1);
  return { delimiter, quote, records, width, score, broken };
}

/** The apostrophe quotes only where it encloses whole cells and the double quote never does. */
function quoteOf(text: string, delimiter: string): CsvDialect['quote'] {
  const d = delimiter === '|' ? '\\|' : delimiter;
  const enclosed = (quote: string): number =>
    text
      .slice(0, WHOLE_BELOW)
      .match(new RegExp(`(?<=^|[${d}])${quote}[^${quote}\\r\\n]*${quote}(?=[${d}]|\\r?$)`, 'gm'))?.length ?? 0;
  if (text.slice(0, WHOLE_BELOW).match(new RegExp(`(?<=^|[${d}])"`, 'm')) !== null) return '"';
  const opened = text.slice(0, WHOLE_BELOW).match(new RegExp(`(?<=^|[${d}])'`, 'gm'))?.length ?? 0;
  return opened > 0 && enclosed("'") >= opened * 0.9 ? "'" : '"';
}

/** A name is believed, but not against JSON, markup or a Git LFS pointer under it. */
function isPlausible(text: string): boolean {
  return !/^\s*(<\?xml|<!doctype|<html|version https:\/\/git-lfs|[[{]\s*["{[\]}])/i.test(text);
}

function eolOf(text: string, loneCr: boolean): CsvDialect['eol'] {
  if (loneCr) return 'cr';
  const crlf = text.includes('\r\n');
  return crlf && /(^|[^\r])\n/.test(text) ? 'mixed' : crlf ? 'crlf' : 'lf';
}

function isBinary(text: string, named: boolean): boolean {
  let odd = 0;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code < 32 && code !== 9 && code !== 10 && code !== 13) odd++;
  }
  return named ? odd > Math.max(4, text.length / 50) : odd > 0;
}

/** `null`: bytes of no text. */
function detectEncoding(head: Uint8Array): { readonly encoding: Encoding; readonly bom: boolean } | null {
  if (hasUtf8Bom(head)) return { encoding: 'utf-8', bom: true };
  // FF FE 00 00 begins UTF-32, which nothing here reads.
  if (head[0] === 0xff && head[1] === 0xfe)
    return head[2] === 0 && head[3] === 0 ? null : { encoding: 'utf-16le', bom: true };
  if (head[0] === 0xfe && head[1] === 0xff) return { encoding: 'utf-16be', bom: true };
  const nuls = [0, 0];
  const looked = Math.min(head.length, 4096) & ~1;
  for (let i = 0; i < looked; i++) if (head[i] === 0) nuls[i & 1] = (nuls[i & 1] ?? 0) + 1;
  const [even = 0, odd = 0] = nuls;
  if (odd > looked * 0.2 && even < odd / 10) return { encoding: 'utf-16le', bom: false };
  if (even > looked * 0.2 && odd < even / 10) return { encoding: 'utf-16be', bom: false };
  return { encoding: isMostlyUtf8(head) ? 'utf-8' : 'windows-1252', bom: false };
}

/** Valid, or with more whole multi-byte characters than stray bytes: then a few cells are broken, not the encoding. */
function isMostlyUtf8(head: Uint8Array): boolean {
  const text = head.subarray(0, head.length - unfinishedUtf8(head));
  if (isUtf8(text)) return head.length >= WHOLE_BELOW || text.length === head.length;
  const decoded = new TextDecoder('utf-8', { ignoreBOM: true }).decode(text);
  const broken = decoded.match(/\ufffd/g)?.length ?? 0;
  const whole = decoded.match(/[^\0-\x7f\ufffd]/gu)?.length ?? 0;
  return whole > broken;
}

function decodeHead(head: Uint8Array, encoding: Encoding): string {
  // Only looked at here, never carried: the replacement character does no harm.
  if (encoding === 'windows-1252') return decodeWindows1252(head);
  if (encoding === 'utf-8')
    return new TextDecoder('utf-8').decode(head.subarray(0, head.length - unfinishedUtf8(head)));
  return new TextDecoder(encoding).decode(head.subarray(0, head.length & ~1));
}
