/**
 * A unified patch as `git apply` takes it: three lines of context, renames, CRLF kept in the lines, paths quoted as git does. Why each
 * place changes stands in front of its file, in lines that git and patch skip. Bytes, since a patch of an old file has that file's letters.
 */
import { type Edit, inOrder, splice } from './splice.ts';

export interface PatchedFile {
  /** Path now; `null`: the file is new. */
  readonly from: string | null;
  /** Path afterwards; `null`: the file goes. */
  readonly to: string | null;
  readonly before: string;
  readonly edits: readonly Edit[];
  /** Permission bits; 0o644 where they are not given. */
  readonly mode?: number;
  /** Back to bytes; UTF-8 where it is not given. */
  readonly write?: (text: string) => Buffer;
  /** `<action>: <reason>`, one for each hunk's cause. */
  readonly reasons: readonly string[];
}

const CONTEXT = 3;

/** In the order given. A file that neither changes nor moves is not in it. */
export function unifiedPatch(files: readonly PatchedFile[]): Buffer {
  return Buffer.concat(files.flatMap((file) => filePatch(file)));
}

function filePatch(file: PatchedFile): readonly Buffer[] {
  const { from, to, before, edits, reasons } = file;
  const write = file.write ?? ((text: string) => Buffer.from(text));
  const after = to === null ? '' : splice(before, edits, from ?? to);
  if (from === to && after === before) return [];
  const head: string[] = [];
  for (const reason of reasons) head.push(`# ${reason.replace(/\s+/g, ' ')}`);
  const [old, now] = [quoted(`a/${from ?? to}`), quoted(`b/${to ?? from}`)];
  head.push(`diff --git ${old} ${now}`);
  const mode = (0o100000 | (((file.mode ?? 0o644) & 0o100) === 0 ? 0o644 : 0o755)).toString(8);
  if (from === null) head.push(`new file mode ${mode}`);
  if (to === null) head.push(`deleted file mode ${mode}`);
  if (from !== null && to !== null && from !== to) {
    const same = before === after ? 100 : Math.max(1, Math.min(99, Math.floor(similarity(before, edits))));
    head.push(`similarity index ${same}%`, `rename from ${quoted(from)}`, `rename to ${quoted(to)}`);
  }
  const hunks = hunksOf(before, to === null ? [wholly(before)] : from === null ? [] : edits, after, from === null);
  // A tab tells where a name with blanks ends.
  const ended = (name: string): string => (/^[^"].* /.test(name) ? `${name}\t` : name);
  if (hunks !== '')
    head.push(`--- ${from === null ? '/dev/null' : ended(old)}`, `+++ ${to === null ? '/dev/null' : ended(now)}`);
  return [Buffer.from(`${head.join('\n')}\n`), write(hunks)];
}

const wholly = (text: string): Edit => ({ start: 0, end: text.length, with: '', why: '', action: '' });

/** Part of the old text that stays, in percent. */
function similarity(before: string, edits: readonly Edit[]): number {
  const gone = edits.reduce((sum, { start, end }) => sum + end - start, 0);
  return before.length === 0 ? 100 : (100 * (before.length - gone)) / before.length;
}

/** Lines that change together: the lines of the old text, and what stands in their place. */
interface Change {
  readonly first: number;
  /** Exclusive. */
  readonly last: number;
  readonly lines: readonly string[];
}

function hunksOf(before: string, edits: readonly Edit[], after: string, isNew: boolean): string {
  const old = linesOf(before);
  const changes = isNew ? [{ first: 0, last: 0, lines: linesOf(after) }] : changesOf(before, old, edits);
  let text = '';
  let shift = 0;
  for (let index = 0; index < changes.length; ) {
    const group: Change[] = [changes[index] as Change];
    for (index++; index < changes.length; index++) {
      const next = changes[index] as Change;
      if (next.first - (group.at(-1) as Change).last > 2 * CONTEXT) break;
      group.push(next);
    }
    const start = Math.max(0, (group[0] as Change).first - CONTEXT);
    const end = Math.min(old.length, (group.at(-1) as Change).last + CONTEXT);
    let body = '';
    let added = 0;
    let at = start;
    for (const { first, last, lines } of group) {
      for (const line of old.slice(at, first)) body += ` ${whole(line)}`;
      for (const line of old.slice(first, last)) body += `-${whole(line)}`;
      for (const line of lines) body += `+${whole(line)}`;
      added += lines.length - (last - first);
      at = last;
    }
    for (const line of old.slice(at, end)) body += ` ${whole(line)}`;
    const length = end - start;
    text += `@@ -${range(start, length)} +${range(start + shift, length + added)} @@\n${body}`;
    shift += added;
  }
  return text;
}

const range = (start: number, length: number): string =>
  `${length === 0 ? start : start + 1}${length === 1 ? '' : `,${length}`}`;

const whole = (line: string): string => (line.endsWith('\n') ? line : `${line}\n\\ No newline at end of file\n`);

function changesOf(before: string, old: readonly string[], edits: readonly Edit[]): readonly Change[] {
  const starts: number[] = [];
  let at = 0;
  for (const line of old) {
    starts.push(at);
    at += line.length;
  }
  const lineAt = (offset: number): number => {
    let low = 0;
    let high = starts.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((starts[middle] as number) <= offset) low = middle + 1;
      else high = middle;
    }
    return Math.max(0, low - 1);
  };
  const endOf = (line: number): number => (starts[line] ?? before.length) + (old[line]?.length ?? 0);
  const groups: { first: number; last: number; edits: Edit[] }[] = [];
  for (const edit of inOrder(edits, 'the patch')) {
    const first = lineAt(edit.start);
    // An insertion behind the last line end touches no line that is there.
    const behind = edit.start === before.length && before.endsWith('\n');
    const last = behind ? old.length : lineAt(Math.max(edit.start, edit.end - 1)) + 1;
    const from = behind ? old.length : first;
    const group = groups.at(-1);
    // What ends a line joins it with the next one.
    if (group !== undefined && from < group.last) {
      group.last = Math.max(group.last, last);
      group.edits.push(edit);
    } else groups.push({ first: from, last: Math.min(last, old.length), edits: [edit] });
  }
  return joinedEnds(groups, before, starts, endOf, old);
}

function joinedEnds(
  groups: readonly { first: number; last: number; edits: Edit[] }[],
  before: string,
  starts: readonly number[],
  endOf: (line: number) => number,
  old: readonly string[],
): readonly Change[] {
  const changes: Change[] = [];
  for (let index = 0; index < groups.length; index++) {
    let { first, last, edits } = groups[index] as (typeof groups)[number];
    for (;;) {
      const start = starts[first] ?? before.length;
      const end = last > first ? endOf(last - 1) : start;
      const inside = edits.map((edit) => ({ ...edit, start: edit.start - start, end: edit.end - start }));
      const text = splice(before.slice(start, end), inside);
      // A line end went: what follows is now part of the same line.
      if (text !== '' && !text.endsWith('\n') && last < old.length) {
        const next = groups[index + 1];
        if (next !== undefined && next.first <= last) {
          edits = [...edits, ...next.edits];
          last = Math.max(last, next.last);
          index++;
        } else last++;
        continue;
      }
      if (text !== before.slice(start, end)) changes.push({ first, last, lines: linesOf(text) });
      break;
    }
    first = last;
  }
  return changes;
}

/** With their ends; a carriage return belongs to its line. */
function linesOf(text: string): readonly string[] {
  return text === '' ? [] : text.split(/(?<=\n)/);
}

/** As git quotes: where a byte is a control character, a quote, a backslash or beyond ASCII. */
function quoted(path: string): string {
  if (/^[ !#-[\]-~]*$/.test(path)) return path;
  let text = '"';
  for (const byte of Buffer.from(path)) {
    const unit = String.fromCharCode(byte);
    const named = NAMED[unit];
    if (named !== undefined) text += named;
    else text += byte < 0x20 || byte > 0x7e ? `\\${byte.toString(8).padStart(3, '0')}` : unit;
  }
  return `${text}"`;
}

const NAMED: Readonly<Record<string, string>> = {
  '\n': '\\n',
  '\t': '\\t',
  '\r': '\\r',
  '"': '\\"',
  '\\': '\\\\',
  '\x07': '\\a',
  '\b': '\\b',
  '\f': '\\f',
  '\v': '\\v',
};
