/** Words of a text that may be paths, around a name that they must hold. No format is read: a word ends where no path could go on. */

export interface Word {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

const IN_WORD = /[\w./@+~%-]/;
const MOST = 400;

/** Each word of the text that has `name` as a whole segment, or at its end before a `:`. */
export function* pathWords(text: string, name: string): Generator<Word> {
  let behind = 0;
  for (let at = text.indexOf(name); at >= 0; at = text.indexOf(name, at + 1)) {
    if (at < behind) continue;
    let start = at;
    while (start > 0 && at - start < MOST && IN_WORD.test(text.charAt(start - 1))) start--;
    let end = at + name.length;
    while (end < text.length && end - at < MOST && IN_WORD.test(text.charAt(end))) end++;
    // The end of a sentence is no part of a path; what `sqlite://` leads in is.
    while (end > at + name.length && /[.~%@+-]/.test(text.charAt(end - 1))) end--;
    while (start < at && /[%@+-]/.test(text.charAt(start))) start++;
    behind = end;
    const word = text.slice(start, end);
    if (word.split('/').includes(name) || word.endsWith(`/${name}`)) yield { start, end, text: word };
  }
}

/** What stands in front of a dotted name, and behind it, must not belong to it. */
export function* dottedWords(text: string, name: string): Generator<Word> {
  for (let at = text.indexOf(name); at >= 0; at = text.indexOf(name, at + 1)) {
    const end = at + name.length;
    if (/[\w./-]/.test(text.charAt(at - 1)) || /[\w/-]/.test(text.charAt(end))) continue;
    yield { start: at, end, text: name };
  }
}
