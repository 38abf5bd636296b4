/** Where the names of a `from … import …` stand, and the uses of a module that was imported under its whole name. From tokens: nothing in texts or comments. */
import { scan } from '../../code/python/scan.ts';
import * as t from '../../code/python/tokens.ts';

export interface ImportedName {
  readonly name: string;
  /** With its `as`. */
  readonly start: number;
  readonly end: number;
}

export interface FromImport {
  readonly names: readonly ImportedName[];
  /** Where the statement begins, and where it ends: behind its last name or bracket. */
  readonly start: number;
  readonly end: number;
  /** Blanks before the statement. */
  readonly indent: string;
  /** Nothing but the statement is on its last line, and nothing stands before it on its first. */
  readonly alone: boolean;
}

/** The statement whose module's name ends at `behind`. `null`: it has another form. */
export function fromImport(text: string, behind: number): FromImport | null {
  const { data, count } = scan(text);
  let at = -1;
  for (let index = 0; index < count; index++) {
    if (data[index * t.STRIDE] === t.IMPORT && (data[index * t.STRIDE + 1] as number) >= behind) {
      at = index * t.STRIDE;
      break;
    }
  }
  if (
    at < 0 ||
    text
      .slice(behind, data[at + 1])
      .replace(/\\\r?\n/g, '')
      .trim() !== ''
  )
    return null;
  at += t.STRIDE;
  const grouped = data[at] === t.OPEN_ROUND;
  if (grouped) at += t.STRIDE;
  const names: ImportedName[] = [];
  while (data[at] === t.NAME) {
    const start = data[at + 1] as number;
    const name = text.slice(start, data[at + 2]);
    let end = data[at + 2] as number;
    at += t.STRIDE;
    if (data[at] === t.AS) {
      end = data[at + t.STRIDE + 2] as number;
      at += 2 * t.STRIDE;
    }
    names.push({ name, start, end });
    if (data[at] !== t.COMMA) break;
    at += t.STRIDE;
  }
  const last = names.at(-1);
  if (last === undefined || (grouped && data[at] !== t.CLOSE_ROUND)) return null;
  const end = grouped ? (data[at + 2] as number) : last.end;
  const line = text.lastIndexOf('\n', behind) + 1;
  const lead = /^[ \t]*/.exec(text.slice(line))?.[0] ?? '';
  const start = line + lead.length;
  const rest = /^[^\r\n]*/.exec(text.slice(end))?.[0] ?? '';
  return {
    names,
    start,
    end,
    indent: lead,
    alone: text.startsWith('from', start) && /^[ \t]*(?:#.*)?$/.test(rest),
  };
}

/** Uses of `a.b.c` as an expression, and of its first name for something else. */
export function usesOf(
  text: string,
  dotted: string,
): { readonly whole: readonly { readonly start: number; readonly end: number }[]; readonly other: number } {
  const { data, count } = scan(text);
  const segments = dotted.split('.');
  const whole: { start: number; end: number }[] = [];
  let other = 0;
  const isImport = (index: number): boolean => {
    for (let at = index; at >= 0; at--) {
      const kind = data[at * t.STRIDE];
      if (kind === t.NEWLINE || kind === t.SEMICOLON || kind === t.INDENT || kind === t.DEDENT) return false;
      if (kind === t.IMPORT || kind === t.FROM) return true;
    }
    return false;
  };
  for (let index = 0; index < count; index++) {
    const at = index * t.STRIDE;
    if (data[at] !== t.NAME || text.slice(data[at + 1], data[at + 2]) !== segments[0]) continue;
    if (index > 0 && data[at - t.STRIDE] === t.DOT) continue;
    if (isImport(index)) continue;
    // A keyword argument is no use of the name.
    const fits = segments.every((segment, nth) => {
      const name = at + 2 * nth * t.STRIDE;
      return (
        data[name] === t.NAME &&
        text.slice(data[name + 1], data[name + 2]) === segment &&
        (nth === 0 || data[name - t.STRIDE] === t.DOT)
      );
    });
    const last = at + 2 * (segments.length - 1) * t.STRIDE;
    if (fits) whole.push({ start: data[at + 1] as number, end: data[last + 2] as number });
    else other++;
  }
  return { whole, other };
}
