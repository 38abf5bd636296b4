/**
 * The fingerprint of a source file: hashes of some of its runs of eight tokens, chosen by content alone, so that equal
 * passages of two files give equal hashes wherever they stand. After Schleimer, Wilkerson and Aiken, "Winnowing: local
 * algorithms for document fingerprinting" (SIGMOD 2003). Texts and names count by what they say: two modules of one shape that
 * are about other things share little.
 */
import type { LanguageId } from '../facts.ts';
import { scanTokens } from './scan-tokens.ts';
import { tokenStyle } from './token-style.ts';

/** Tokens of a window: about a short statement. */
export const WINDOW_TOKENS = 8;
/** Of so many windows in a row at least one is kept: an equal passage of 15 tokens (8 + 8 - 1) is never overlooked. */
const KEPT_OF = 8;

/** Odd, so that no token's bits are lost by multiplication. */
const BASE = 0x2c9277b5;
/** What the oldest token of a window has been multiplied by. */
const OLDEST: number = Array.from({ length: WINDOW_TOKENS - 1 }).reduce<number>((power) => Math.imul(power, BASE), 1);

/** Hashes in order of appearance, never 0; a passage that is repeated in the file gives its hashes again. */
export function fingerprint(text: string, language: LanguageId): Uint32Array {
  const tokens = scanTokens(text, tokenStyle(language));
  const windows = tokens.length - WINDOW_TOKENS + 1;
  if (windows <= 0) return new Uint32Array(0);
  const kept = new Uint32Array(windows);
  let count = 0;
  let rolling = 0;
  for (let i = 0; i < WINDOW_TOKENS - 1; i++) rolling = (Math.imul(rolling, BASE) + (tokens[i] as number)) | 0;
  const recent = new Uint32Array(KEPT_OF);
  let least = 0xffffffff;
  let leastAt = -1;
  for (let at = 0; at < windows; at++) {
    rolling = (Math.imul(rolling, BASE) + (tokens[at + WINDOW_TOKENS - 1] as number)) | 0;
    const hash = spread(rolling);
    rolling = (rolling - Math.imul(tokens[at] as number, OLDEST)) | 0;
    recent[at % KEPT_OF] = hash;
    let chosen = false;
    if (hash <= least) {
      least = hash;
      leastAt = at;
      chosen = true;
    } else if (leastAt <= at - KEPT_OF) {
      // The least one has left: the rightmost of the least that remain takes its place.
      least = 0xffffffff;
      for (let back = at - KEPT_OF + 1; back <= at; back++) {
        const other = recent[back % KEPT_OF] as number;
        if (other > least) continue;
        least = other;
        leastAt = back;
      }
      chosen = true;
    }
    if (at < KEPT_OF - 1) {
      // The first choice is made among the first windows, or among all of a short file.
      if (at === windows - 1) kept[count++] = least;
    } else if (chosen || at === KEPT_OF - 1) kept[count++] = least;
  }
  return kept.slice(0, count);
}

/** A rolling sum is uneven in its low bits; 0 is left free for tables of hashes. */
function spread(rolling: number): number {
  let x = Math.imul(rolling ^ (rolling >>> 16), 0x85ebca6b);
  x = Math.imul(x ^ (x >>> 13), 0xc2b2ae35);
  return (x ^ (x >>> 16)) >>> 0 || 1;
}
