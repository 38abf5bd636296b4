/** The stores of a project before and after a run, side by side. */
import type { RunChange, StoreLine, Structure } from '../../apply/model.ts';

export interface ComparedStore {
  readonly is: 'same' | 'changed' | 'moved' | 'gone' | 'new';
  readonly path: string;
  readonly from?: string;
  readonly before?: StoreLine;
  readonly after?: StoreLine;
}

export function compareStores(
  before: Structure,
  after: Structure,
  changes: readonly RunChange[] = [],
): readonly ComparedStore[] {
  const moved = new Map(
    changes.flatMap(({ is, from, path }) => (is === 'moved' && from !== undefined ? [[path, from]] : [])),
  );
  const was = new Map(before.stores.map((store) => [store.path, store]));
  const seen = new Set<string>();
  const compared: ComparedStore[] = after.stores.map((store) => {
    const from = moved.get(store.path);
    const old = was.get(from ?? store.path);
    if (old === undefined) return { is: 'new', path: store.path, after: store };
    seen.add(old.path);
    if (from !== undefined) return { is: 'moved', path: store.path, from, before: old, after: store };
    const same = old.bytes === store.bytes && old.rows === store.rows && old.tables === store.tables;
    return { is: same ? 'same' : 'changed', path: store.path, before: old, after: store };
  });
  const gone = before.stores.filter(({ path }) => !seen.has(path));
  return [...compared, ...gone.map((store): ComparedStore => ({ is: 'gone', path: store.path, before: store }))].sort(
    (x, y) => (x.path < y.path ? -1 : 1),
  );
}

/** Codes of which there are more or fewer, what went first. */
export function findingsChanged(
  before: Structure,
  after: Structure,
): readonly { code: string; was: number; is: number }[] {
  const codes = [...new Set([...Object.keys(before.findings), ...Object.keys(after.findings)])].sort();
  return codes
    .map((code) => ({ code, was: before.findings[code] ?? 0, is: after.findings[code] ?? 0 }))
    .filter(({ was, is }) => was !== is)
    .sort((x, y) => x.is - x.was - (y.is - y.was));
}
