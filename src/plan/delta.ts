/**
 * What changed between two states of a project's code. One function proposes (an edit that changes another binding is rejected), proves a plan
 * on the project as it would be, and verifies a run. Paths of the earlier state are taken for what they became.
 */
import type { BindingTarget } from '../bindings/model.ts';
import type { ReadQuality } from '../code/facts.ts';
import type { CodeSnapshot, SeenBinding, SeenImport, SeenSite } from './code-snapshot.ts';

export interface Changed<T> {
  readonly gained: readonly T[];
  readonly lost: readonly T[];
}

/** One call in one context; `null`: it is not there, or not in that context. */
export interface ChangedBinding {
  readonly before: SeenBinding | null;
  readonly after: SeenBinding | null;
}

export interface Delta {
  readonly unresolved: Changed<SeenSite>;
  readonly names: Changed<SeenSite>;
  readonly references: Changed<SeenSite>;
  readonly imports: Changed<SeenImport>;
  /** Another target, or a target that is less sure. */
  readonly bindings: readonly ChangedBinding[];
  /** Files that could be read better before. */
  readonly syntax: readonly {
    readonly path: string;
    readonly before: ReadQuality;
    readonly after: ReadQuality;
    readonly problem?: string;
  }[];
}

/** Old path → new path, of files (stores among them) that moved. */
export type MovedPaths = ReadonlyMap<string, string>;

export function delta(before: CodeSnapshot, after: CodeSnapshot, moved: MovedPaths = new Map()): Delta {
  const now = (path: string): string => moved.get(path) ?? path;
  const site = (one: SeenSite): SeenSite => ({
    ...one,
    path: now(one.path),
    ...(one.of === undefined ? {} : { of: now(one.of) }),
  });
  const sites = (list: 'unresolved' | 'names'): Changed<SeenSite> =>
    difference(before[list].map(site), after[list], ({ path, what, scope, of, name }) =>
      JSON.stringify(of === undefined ? [path, what, scope] : [path, of, name, scope]),
    );
  return {
    unresolved: sites('unresolved'),
    names: sites('names'),
    references: difference(
      before.references.map((one) => ({ ...site(one), what: now(one.what) })),
      after.references,
      ({ path, what }) => JSON.stringify([path, what]),
    ),
    imports: difference(
      before.imports.map(({ from, to, line }) => ({ from: now(from), to: now(to), line })),
      after.imports,
      ({ from, to }) => JSON.stringify([from, to]),
    ),
    bindings: changedBindings(
      before.bindings.map((one) => ({ ...one, path: now(one.path), target: movedTarget(one.target, now) })),
      after.bindings,
    ),
    syntax: worse(before, after, now),
  };
}

/** Nothing leads nowhere that led somewhere, no file got worse. Bindings are judged by who planned them. */
export function gainsNothing({ unresolved, names, references, syntax }: Delta): boolean {
  return [unresolved, names, references].every(({ gained }) => gained.length === 0) && syntax.length === 0;
}

/** As multisets: two equal sites are two. */
function difference<T>(before: readonly T[], after: readonly T[], key: (one: T) => string): Changed<T> {
  const left = new Map<string, T[]>();
  for (const one of before) {
    const list = left.get(key(one));
    if (list === undefined) left.set(key(one), [one]);
    else list.push(one);
  }
  const gained = after.filter((one) => left.get(key(one))?.pop() === undefined);
  return { gained, lost: [...left.values()].flat() };
}

function movedTarget(target: BindingTarget, now: (path: string) => string): BindingTarget {
  switch (target.kind) {
    case 'store':
      return { kind: 'store', store: now(target.store) };
    case 'missing':
    case 'runtime':
      return { ...target, path: now(target.path) };
    case 'family':
      return { ...target, stores: target.stores.map(now) };
    default:
      return target;
  }
}

/** What is opened. A store that is there and one that is made when it is opened are one place. */
export function placeOf(target: BindingTarget): string {
  switch (target.kind) {
    case 'store':
      return `file ${target.store}`;
    case 'missing':
    case 'runtime':
      return `file ${target.path}`;
    case 'unknown':
      return 'unknown';
    case 'family':
      return `family ${[...target.stores].sort().join(' ') || target.pattern}`;
    default:
      return JSON.stringify(target);
  }
}

const SURE: Readonly<Record<SeenBinding['confidence'], number>> = { proven: 2, likely: 1, unknown: 0 };

function changedBindings(before: readonly SeenBinding[], after: readonly SeenBinding[]): readonly ChangedBinding[] {
  const calls = (list: readonly SeenBinding[]): Map<string, SeenBinding[]> => {
    const found = new Map<string, SeenBinding[]>();
    for (const one of list) {
      const key = JSON.stringify([one.path, one.scope, one.by, one.nth]);
      const same = found.get(key);
      if (same === undefined) found.set(key, [one]);
      else same.push(one);
    }
    return found;
  };
  const [old, now] = [calls(before), calls(after)];
  const changed: ChangedBinding[] = [];
  for (const key of new Set([...old.keys(), ...now.keys()]))
    changed.push(...inCall(old.get(key) ?? [], now.get(key) ?? []));
  return changed;
}

/** Contexts of one call: by their names and places, then by what is opened there, since names of contexts change with what starts them. */
function inCall(before: readonly SeenBinding[], after: readonly SeenBinding[]): readonly ChangedBinding[] {
  const rest = [...after];
  const take = (fits: (one: SeenBinding) => boolean): SeenBinding | undefined => {
    const at = rest.findIndex(fits);
    return at < 0 ? undefined : rest.splice(at, 1)[0];
  };
  const changed: ChangedBinding[] = [];
  const pairs = new Map<SeenBinding, SeenBinding>();
  const rounds: readonly ((a: SeenBinding, b: SeenBinding) => boolean)[] = [
    (a, b) => a.context === b.context && placeOf(a.target) === placeOf(b.target),
    (a, b) => placeOf(a.target) === placeOf(b.target),
    (a, b) => a.context === b.context,
    () => true,
  ];
  for (const fits of rounds) {
    for (const one of before) {
      if (pairs.has(one)) continue;
      const found = take((other) => fits(one, other));
      if (found !== undefined) pairs.set(one, found);
    }
  }
  for (const one of before) {
    const found = pairs.get(one);
    if (found === undefined) changed.push({ before: one, after: null });
    else if (placeOf(one.target) !== placeOf(found.target) || SURE[found.confidence] < SURE[one.confidence])
      changed.push({ before: one, after: found });
  }
  // In more contexts than before, and nothing else is opened there.
  const known = new Set(before.map(({ target }) => placeOf(target)));
  const isSame = (one: SeenBinding): boolean => known.has(placeOf(one.target));
  return [...changed, ...rest.filter((one) => !isSame(one)).map((one) => ({ before: null, after: one }))].filter(
    ({ before: was, after: is }) =>
      was === null || is !== null || !after.some((one) => placeOf(one.target) === placeOf(was.target)),
  );
}

const QUALITY: Readonly<Record<ReadQuality, number>> = { structure: 2, outline: 2, tokens: 1, none: 0 };

function worse(before: CodeSnapshot, after: CodeSnapshot, now: (path: string) => string): Delta['syntax'] {
  const found = new Map(after.read.map((one) => [one.path, one]));
  return before.read.flatMap(({ path, read }) => {
    const one = found.get(now(path));
    if (one === undefined || QUALITY[one.read] >= QUALITY[read]) return [];
    const problem = one.problem === undefined ? {} : { problem: one.problem };
    return [{ path: one.path, before: read, after: one.read, ...problem }];
  });
}
