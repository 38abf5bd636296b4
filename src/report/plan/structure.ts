/** The project now and after, as trees of what matters: its stores and whatever the plan touches. Many files of one shape are one line. */
import { size } from '../../audit/wording.ts';
import { shownPath } from '../../disk/paths.ts';
import type { LockedStep } from '../../plan/lock-model.ts';
import type { Store } from '../../stores/model.ts';

export interface Structure {
  readonly now: readonly TreeLine[];
  readonly after: readonly TreeLine[];
}

export interface TreeLine {
  readonly depth: number;
  /** A folder ends with `/`. */
  readonly name: string;
  readonly note: string;
  /** Only on this side, or not the same. */
  readonly mark: ' ' | '-' | '+' | '~';
}

interface Entry {
  /** Not known of what is no store. */
  readonly bytes: number | null;
  readonly note: string;
}

export function structureOf(stores: readonly Store[], steps: readonly LockedStep[]): Structure {
  const now = new Map<string, Entry>();
  for (const { path, bytes, role, foreign } of stores) {
    now.set(path, { bytes, note: foreign === undefined ? (role === 'live' ? '' : role) : `of ${foreign.program}` });
  }
  // What goes, moves or is edited is there now, also where it is no store.
  const made = new Set<string>();
  for (const step of steps) {
    if (step.op !== 'remove' && step.op !== 'rename' && step.op !== 'put') continue;
    const path = shownPath(step.path);
    if (step.op === 'put' && step.before === null) made.add(path);
    else if (!now.has(path) && !made.has(path)) now.set(path, { bytes: null, note: '' });
    if (step.op === 'rename') made.add(shownPath(step.to));
  }
  const after = new Map<string, Entry>(now);
  const changed = new Set<string>();
  for (const step of steps) {
    if (step.op === 'remove') {
      after.delete(shownPath(step.path));
    } else if (step.op === 'rename') {
      after.set(shownPath(step.to), after.get(shownPath(step.path)) ?? { bytes: null, note: '' });
      after.delete(shownPath(step.path));
    } else if (step.op === 'put') {
      const path = shownPath(step.path);
      if (after.has(path)) changed.add(path);
      after.set(path, { bytes: null, note: after.has(path) ? 'edited' : 'new' });
    }
  }
  const mark =
    (other: ReadonlyMap<string, Entry>, sign: '-' | '+') =>
    (path: string): TreeLine['mark'] =>
      other.has(path) ? (changed.has(path) ? '~' : ' ') : sign;
  return { now: tree(now, mark(after, '-')), after: tree(after, mark(now, '+')) };
}

/** From so many files of one shape in a folder on, they are one line. */
const MANY = 4;

function tree(files: ReadonlyMap<string, Entry>, markOf: (path: string) => TreeLine['mark']): readonly TreeLine[] {
  const lines: TreeLine[] = [];
  const groups = new Map<string, string[]>();
  for (const path of [...files.keys()].sort()) {
    const key = `${path.slice(0, path.lastIndexOf('/') + 1)}${shapeOf(path.slice(path.lastIndexOf('/') + 1))}\n${markOf(path)}\n${files.get(path)?.note}`;
    groups.set(key, [...(groups.get(key) ?? []), path]);
  }
  const told = new Set<string>();
  const items = [...groups].flatMap(([key, paths]) =>
    paths.length >= MANY
      ? [{ path: key.slice(0, key.indexOf('\n')), paths }]
      : paths.map((path) => ({ path, paths: [path] })),
  );
  for (const { path, paths } of items.sort((x, y) => order(x.path, y.path))) {
    const parts = path.split('/');
    for (let depth = 1; depth < parts.length; depth++) {
      const folder = parts.slice(0, depth).join('/');
      if (told.has(folder)) continue;
      told.add(folder);
      lines.push({ depth: depth - 1, name: `${parts[depth - 1]}/`, note: '', mark: ' ' });
    }
    const known = paths.flatMap((one) => files.get(one)?.bytes ?? []);
    const bytes = known.length < paths.length ? '' : size(known.reduce((sum, one) => sum + one, 0));
    const notes = [bytes, files.get(paths[0] ?? '')?.note ?? ''].filter((one) => one !== '');
    lines.push({
      depth: parts.length - 1,
      name: parts.at(-1) ?? '',
      note: [...(paths.length > 1 ? [`${paths.length.toLocaleString('en-US')} files`] : []), ...notes].join(', '),
      mark: markOf(paths[0] ?? ''),
    });
  }
  return lines;
}

/** What varies from file to file is a number or a date. */
function shapeOf(name: string): string {
  return name.replace(/\d+(?:[-_.]\d+)*/g, '*');
}

/** Files of a folder before its folders. */
function order(x: string, y: string): number {
  const [a, b] = [x.split('/'), y.split('/')];
  for (let i = 0; ; i++) {
    const [p, q] = [a[i], b[i]];
    if (p === undefined || q === undefined) return a.length - b.length;
    if (p === q) continue;
    const [isFolderA, isFolderB] = [i < a.length - 1, i < b.length - 1];
    if (isFolderA !== isFolderB) return isFolderA ? 1 : -1;
    return p < q ? -1 : 1;
  }
}
