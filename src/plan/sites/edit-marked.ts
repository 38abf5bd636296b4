/**
 * A path that is put together from literals, as another one: which part of which literal changes. One literal that holds all that differs is edited alone; of
 * several that stand in one expression each gets its segments; else the last one leads out of its folder, if that folder stays.
 */
import { posix } from 'node:path';
import type { Literal } from '../../bindings/symbol.ts';
import { changedPart } from '../../edit/respell-path.ts';
import type { Mark, Marked } from '../origins.ts';

/** Units `from` to `to` of the literal's value give way to `added`. */
export interface PieceEdit {
  readonly literal: Literal;
  readonly from: number;
  readonly to: number;
  readonly added: string;
}

/** Literals this near to each other are parts of one expression. */
const NEAR = 160;

/**
 * Ways to do it, the best first; none: it cannot be done by editing literals. `folderStays`: of a folder by its path in this value. A folder that
 * is named elsewhere than the file is more than this path: if it stays in use, it is rather left what it is.
 */
export function waysToEdit(
  { value, marks }: Marked,
  now: string,
  folderStays: (folder: string) => boolean,
): readonly (readonly PieceEdit[])[] {
  if (value === null) return [];
  const part = changedPart(value, now);
  if (part === null) return [[]];
  const { from, to, added } = part;
  const alone = from === to ? insertion(marks, from, added) : inOne(marks, from, to, added);
  const direct = alone === null ? bySegment(value, marks, from, to, added) : [alone];
  const around = leadOut(value, marks, from, now, folderStays);
  const last = marks.findLast((mark) => mark !== null)?.literal;
  const isElsewhere = direct?.some(({ literal }) => last === undefined || !isNear(literal, last)) === true;
  return [isElsewhere ? around : direct, isElsewhere ? direct : around].filter((way) => way !== null);
}

const isNear = (a: Literal, b: Literal): boolean => a.file === b.file && Math.abs(a.start - b.start) < NEAR;

function inOne(marks: readonly (Mark | null)[], from: number, to: number, added: string): PieceEdit | null {
  const first = marks[from];
  if (first === null || first === undefined) return null;
  for (let at = from; at < to; at++) {
    const mark = marks[at];
    if (mark == null || !isSame(mark.literal, first.literal) || mark.index !== first.index + at - from) return null;
  }
  return { literal: first.literal, from: first.index, to: first.index + to - from, added };
}

function insertion(marks: readonly (Mark | null)[], at: number, added: string): PieceEdit | null {
  const after = marks[at];
  if (after != null) return { literal: after.literal, from: after.index, to: after.index, added };
  const before = marks[at - 1];
  return before == null ? null : { literal: before.literal, from: before.index + 1, to: before.index + 1, added };
}

const isSame = (a: Literal, b: Literal): boolean => a.file === b.file && a.start === b.start && a.end === b.end;

interface Segment {
  readonly from: number;
  readonly to: number;
}

function segmentsOf(value: string, from: number, to: number): readonly Segment[] {
  const found: Segment[] = [];
  let start = from;
  for (let at = from; at <= to; at++) {
    if (at < to && value[at] !== '/') continue;
    if (at > start) found.push({ from: start, to: at });
    start = at + 1;
  }
  return found;
}

/** As many segments as before, or all that is new in the first literal and the name in the last. */
function bySegment(
  value: string,
  marks: readonly (Mark | null)[],
  from: number,
  to: number,
  added: string,
): readonly PieceEdit[] | null {
  const old = segmentsOf(value, from, to);
  const fresh = added.split('/').filter((segment) => segment !== '');
  const owners = old.map((segment) => marks[segment.from]?.literal);
  const [first] = owners;
  const isLocal = owners.every((owner) => owner !== undefined && first !== undefined && isNear(owner, first));
  if (!isLocal || fresh.length < old.length || fresh.some((segment) => segment === '..')) return null;
  const lead = fresh.length - old.length + 1;
  const edits: PieceEdit[] = [];
  for (const [index, segment] of old.entries()) {
    const by = index === 0 ? fresh.slice(0, lead).join('/') : (fresh[index + lead - 1] as string);
    if (value.slice(segment.from, segment.to) === by) continue;
    const edit = inOne(marks, segment.from, segment.to, by);
    if (edit === null) return null;
    edits.push(edit);
  }
  return edits;
}

/** `DATA / "hub.db"` → `DATA / "../var/hub.db"`: only while the folder in between is there. */
function leadOut(
  value: string,
  marks: readonly (Mark | null)[],
  from: number,
  now: string,
  folderStays: (folder: string) => boolean,
): readonly PieceEdit[] | null {
  const end = /[?#]/.exec(value)?.index ?? value.length;
  const last = marks[end - 1];
  if (last == null) return null;
  let start = end - 1;
  while (start > 0) {
    const mark = marks[start - 1];
    if (mark == null || !isSame(mark.literal, last.literal) || mark.index !== last.index - (end - start)) break;
    start--;
  }
  // `DIR + '/hub.db'`
  if (value[start - 1] !== '/' && value[start] === '/') start++;
  // The literal begins in the middle of a name, or holds all that changes.
  if (start <= from || value[start - 1] !== '/') return null;
  const folder = value.slice(0, start - 1);
  const path = folder.replace(/^[a-z][\w+.-]*:\/*(?=\/)/i, '');
  const target = now.slice(0, /[?#]/.exec(now)?.index ?? now.length).replace(/^[a-z][\w+.-]*:\/*(?=\/)/i, '');
  if (path.startsWith('/') !== target.startsWith('/') || !folderStays(path)) return null;
  return [
    {
      literal: last.literal,
      from: last.index - (end - 1 - start),
      to: last.index + 1,
      added: posix.relative(posix.join('/', path), posix.join('/', target)),
    },
  ];
}
