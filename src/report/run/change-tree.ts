/**
 * What became of a project's paths, as a tree: folders once, files below them with a mark and their bytes. Long lists of one kind in
 * one folder are counted after the first ones.
 */
import type { RunChange } from '../../apply/model.ts';
import { count, size } from '../../audit/wording.ts';

export const MARKS: Readonly<Record<RunChange['is'], string>> = {
  made: '+',
  changed: '~',
  mode: '~',
  moved: '>',
  removed: '-',
};

/** Of one kind in one folder. */
const SHOWN = 8;

export interface TreeLine {
  /** Folders above. */
  readonly depth: number;
  /** `null`: a folder that only holds what is below it, or a count. */
  readonly mark: RunChange['is'] | null;
  readonly text: string;
  readonly note: string;
}

export function changeTree(changes: readonly RunChange[], all = false): readonly TreeLine[] {
  const lines: TreeLine[] = [];
  // A folder that came or went is said where what is in it stands.
  const marked = new Map(changes.flatMap(({ path, kind, is }) => (kind === 'folder' ? [[path, is] as const] : [])));
  const holds = (path: string): boolean => changes.some((other) => other.path.startsWith(`${path}/`));
  const shownAlone = changes.filter(({ path, kind }) => kind !== 'folder' || !holds(path));
  let open: readonly string[] = [];
  for (const group of groups(shownAlone)) {
    const folders = group.folder === '' ? [] : group.folder.split('/');
    const same = folders.findIndex((name, i) => name !== open[i]);
    for (let i = same < 0 ? folders.length : same; i < folders.length; i++) {
      const own = marked.get(folders.slice(0, i + 1).join('/')) ?? null;
      lines.push({ depth: i, mark: own, text: `${folders[i]}/`, note: '' });
    }
    open = folders;
    const shown = all || group.changes.length <= SHOWN ? group.changes : group.changes.slice(0, SHOWN - 1);
    for (const change of shown) lines.push({ depth: folders.length, ...lineOf(change) });
    const rest = group.changes.slice(shown.length);
    if (rest.length > 0) {
      const bytes = rest.reduce((sum, { before, after }) => sum + (before ?? after ?? 0), 0);
      lines.push({
        depth: folders.length,
        mark: group.is,
        text: `${count(rest.length, 'more', 'more')}`,
        note: size(bytes),
      });
    }
  }
  return lines;
}

interface Group {
  readonly folder: string;
  readonly is: RunChange['is'];
  readonly changes: readonly RunChange[];
}

function groups(changes: readonly RunChange[]): readonly Group[] {
  const found = new Map<string, { folder: string; is: RunChange['is']; changes: RunChange[] }>();
  for (const change of changes) {
    const folder = change.path.slice(0, Math.max(0, change.path.lastIndexOf('/')));
    const key = `${folder}\n${change.is}`;
    const group = found.get(key);
    if (group === undefined) found.set(key, { folder, is: change.is, changes: [change] });
    else group.changes.push(change);
  }
  return [...found.values()].sort((x, y) => (x.folder < y.folder ? -1 : x.folder > y.folder ? 1 : 0));
}

function lineOf({ path, is, kind, from, before, after }: RunChange): Omit<TreeLine, 'depth'> {
  const name = `${path.slice(path.lastIndexOf('/') + 1)}${kind === 'folder' ? '/' : ''}`;
  return { mark: is, text: name, note: noteOf(is, from, before, after) };
}

function noteOf(is: RunChange['is'], from: string | undefined, before: number | null, after: number | null): string {
  switch (is) {
    case 'moved':
      return `from ${from}${before !== after && before !== null && after !== null ? `, ${change(before, after)}` : ''}`;
    case 'changed':
      return before === null || after === null ? '' : change(before, after);
    case 'mode':
      return 'permissions';
    default:
      return before === null && after === null ? '' : size(before ?? after ?? 0);
  }
}

function change(before: number, after: number): string {
  const by = after - before;
  return by === 0 ? 'same size' : `${by > 0 ? '+' : '−'}${size(Math.abs(by))}`;
}
