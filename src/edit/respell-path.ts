/**
 * A path or URL that means one file, written for another: relative stays relative, absolute absolute; the scheme, its slashes, a query, `./`
 * and a slash at the end stay as they are. What it means now is checked, so that nothing is respelled by its looks.
 */
import { posix } from 'node:path';

/** As the program sees them: inside its container, from where it runs. All absolute and normal. */
export interface Seen {
  /** Folder that a relative spelling counts from. */
  readonly base: string;
  readonly from: string;
  readonly to: string;
}

interface Parts {
  readonly head: string;
  readonly path: string;
  readonly tail: string;
}

/** `null`: it does not mean `from`, or has a form that is not known. */
export function respellPath(old: string, seen: Seen): string | null {
  const parts = partsOf(old);
  if (parts === null || parts.path === '') return null;
  const { head, path, tail } = parts;
  if (meant(path, seen.base) !== seen.from) return null;
  const slash = path.length > 1 && path.endsWith('/') ? '/' : '';
  return head + (path.startsWith('/') ? absolute(path, seen) : relative(path, seen)) + slash + tail;
}

const meant = (path: string, base: string): string => withoutSlash(posix.resolve(base, path));

const withoutSlash = (path: string): string => (path.length > 1 ? path.replace(/\/+$/, '') : path);

/** As `bindings/place.ts` reads them: three slashes and a relative path, four and an absolute one, or none at all. */
function partsOf(text: string): Parts | null {
  if (/[\\\u{e000}]/u.test(text) || text.startsWith('~')) return null;
  const url = /^((?:jdbc:)?(?:sqlite3?|duckdb)(?:\+[\w-]+)?:(?:\/\/\/|\/\/)?)([^?#]*)(.*)$/is.exec(text);
  if (url !== null) return { head: url[1] ?? '', path: url[2] ?? '', tail: url[3] ?? '' };
  const file = /^(file:(?:\/\/(?:localhost)?(?=\/))?)([^?#]*)(.*)$/is.exec(text);
  if (file !== null) {
    const path = file[2] ?? '';
    // Escapes in a file's URL would have to be made anew.
    return path.startsWith('//') || path.includes('%') ? null : { head: file[1] ?? '', path, tail: file[3] ?? '' };
  }
  if (/^[a-z][\w+.-]*:\/\//i.test(text)) return null;
  return { head: '', path: text, tail: '' };
}

function absolute(path: string, { from, to }: Seen): string {
  if (withoutSlash(path) === from) return to;
  // `//data/x.db`, `/app/./data/x.db`: what does not change stays as it was written.
  return inPlace(path, from, to, '/') ?? (/^\/\/(?!\/)/.test(path) ? `/${to}` : to);
}

function relative(path: string, { base, from, to }: Seen): string {
  const direct = posix.relative(base, to) || '.';
  const plain = withoutSlash(path.replace(/^\.\//, ''));
  const dotted = path.startsWith('./') && (plain.startsWith('..') || !direct.startsWith('..')) ? './' : '';
  if (plain === (posix.relative(base, from) || '.')) return dotted + direct;
  return inPlace(path, from, to, base) ?? dotted + direct;
}

/** Only the last segments differ: those are exchanged, and what leads to them stays as it was written. */
function inPlace(path: string, from: string, to: string, base: string): string | null {
  const before = from.split('/');
  const after = to.split('/');
  let same = 0;
  while (same < Math.min(before.length, after.length) - 1 && before[same] === after[same]) same++;
  const gone = before.slice(same);
  const written = withoutSlash(path).split('/');
  if (written.length < gone.length || written.slice(-gone.length).join('/') !== gone.join('/')) return null;
  const lead = written.slice(0, written.length - gone.length);
  if (lead.length === 0 || meant(lead.join('/') || '/', base) !== (before.slice(0, same).join('/') || '/')) return null;
  return [...lead, ...after.slice(same)].join('/');
}

/** What differs, by whole segments: units `from` to `to` of the old text give way to `added`. `null`: nothing does. `boundaries`: between segments. */
export function changedPart(
  old: string,
  now: string,
  boundaries = '/:?#',
): { readonly from: number; readonly to: number; readonly added: string } | null {
  if (old === now) return null;
  let from = 0;
  for (let at = 0; at < Math.min(old.length, now.length) && old[at] === now[at]; at++) {
    if (boundaries.includes(old[at] as string)) from = at + 1;
  }
  let back = 0;
  const most = Math.min(old.length, now.length) - from;
  for (let at = 1; at <= most && old[old.length - at] === now[now.length - at]; at++) {
    if (boundaries.includes(old[old.length - at] as string)) back = at;
  }
  return { from, to: old.length - back, added: now.slice(from, now.length - back) };
}
