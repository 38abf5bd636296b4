/** What looking for sites gives: places to edit, places that are left with the reason, places that only the owner can decide. Plain data. */
import type { PlannedBinding } from '../lock-model.ts';
import type { Left } from '../model.ts';

/** A span of a file as it is, and what shall stand there. */
export interface SiteEdit {
  readonly path: string;
  readonly start: number;
  readonly end: number;
  readonly line: number;
  readonly from: string;
  readonly with: string;
  /** `import`, `path of a store`, `command`. */
  readonly why: string;
  /** What shows that it is right, in one sentence. */
  readonly proof: string;
}

/** A place that cannot be edited without an answer; an action with one of these is not applied. */
export interface OpenSite {
  readonly path: string;
  readonly line: number;
  readonly why: string;
  /** Several stores are opened through one spelling (trap S5): by store, the contexts. */
  readonly serves?: Readonly<Record<string, readonly string[]>>;
  /** The edits of this line are what is asked about: where it is left, they are not made. */
  readonly holds?: true;
}

export interface Sites {
  readonly edits: readonly SiteEdit[];
  readonly left: readonly Left[];
  readonly open: readonly OpenSite[];
  readonly bindings: readonly PlannedBinding[];
}

export const NO_SITES: Sites = { edits: [], left: [], open: [], bindings: [] };

/** Equal edits once, in the order of files and places. */
export function joinSites(all: readonly Sites[]): Sites {
  const unique = <T>(list: readonly T[], key: (one: T) => string): readonly T[] => [
    ...new Map(list.map((one) => [key(one), one])).values(),
  ];
  const byPlace = (x: { path: string }, y: { path: string }): number =>
    x.path < y.path ? -1 : x.path > y.path ? 1 : 0;
  const edits = unique(
    all.flatMap((one) => one.edits),
    ({ path, start, end, with: by }) => JSON.stringify([path, start, end, by]),
  );
  return {
    edits: [...edits].sort((x, y) => byPlace(x, y) || x.start - y.start),
    left: unique(
      all.flatMap((one) => one.left),
      ({ path, line, why }) => JSON.stringify([path, line, why]),
    ),
    open: unique(
      all.flatMap((one) => one.open),
      ({ path, line, why }) => JSON.stringify([path, line, why]),
    ),
    bindings: unique(
      all.flatMap((one) => one.bindings),
      (one) => JSON.stringify(one),
    ),
  };
}
