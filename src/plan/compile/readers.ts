/**
 * Who needs a file (promise 4): lines that open a store, files that import a module, what starts a script, links that lead to it. What
 * earlier actions point somewhere else counts no more. Draws no conclusion from what could not be resolved.
 */
import type { Binding } from '../../bindings/model.ts';
import type { Compiling } from './draft.ts';

export interface Reader {
  readonly path: string;
  readonly line?: number;
  readonly what: string;
}

/** `going`: files that go together; they do not keep each other. */
export function readersOf(path: string, going: ReadonlySet<string>, on: Compiling): readonly Reader[] {
  const { code, stores } = on.audit;
  const store = stores.find((one) => one.path === path);
  const moved = repointed(path, on);
  const taken = takenBefore(on);
  const isGone = (reader: string): boolean => going.has(reader) || taken.has(reader);
  const found: Reader[] = [];
  for (const binding of code.bindings) {
    if (binding.store !== path || binding.confidence === 'unknown' || isGone(binding.path)) continue;
    if (store !== undefined && makesItAnew(binding, store.kind)) continue;
    if (moved.sites.has(`${binding.path}:${binding.line}\n${binding.context}`)) continue;
    found.push({ path: binding.path, line: binding.line, what: `opens it (${binding.context})` });
  }
  for (const from of code.graph.importers(path)) {
    if (from === path || isGone(from) || moved.importers.has(from)) continue;
    const edge = code.graph.edgesFrom(from).find(({ to }) => to === path);
    const line = edge?.fact.at[2];
    found.push({ path: from, ...(line === undefined ? {} : { line }), what: 'loads or names it' });
  }
  for (const link of store?.links ?? []) if (!isGone(link)) found.push({ path: link, what: 'is a link to it' });
  const unique = new Map(found.map((one) => [`${one.path}:${one.line ?? ''}`, one]));
  return [...unique.values()].sort((x, y) =>
    x.path < y.path ? -1 : x.path > y.path ? 1 : (x.line ?? 0) - (y.line ?? 0),
  );
}

/** A script that only writes a text file makes it anew each time: it does not miss the old one. */
export function makesItAnew({ access, purpose }: Binding, kind: string): boolean {
  return kind !== 'sqlite' && purpose === 'script' && access.length > 0 && access.every((one) => one === 'write');
}

/** What earlier actions of the phase take away reads nothing any more. */
function takenBefore({ earlier }: Compiling): ReadonlySet<string> {
  const moved = new Set(
    [...earlier.values()].flatMap(({ changes }) => changes.flatMap(({ movedFrom }) => movedFrom ?? [])),
  );
  const gone = [...earlier.values()].flatMap(({ changes }) =>
    changes.flatMap(({ path, want }) => (want.kind === 'absent' && !moved.has(path) ? [path] : [])),
  );
  return new Set(gone);
}

/** What earlier actions of the plan let name something else. */
function repointed(path: string, on: Compiling): { sites: ReadonlySet<string>; importers: ReadonlySet<string> } {
  const sites = new Set<string>();
  const importers = new Set<string>();
  for (const action of on.plan.actions) {
    const draft = on.earlier.get(action.id);
    if (draft === undefined || action.subject !== path || (action.kind !== 'repoint' && action.kind !== 'move'))
      continue;
    for (const { site, context, before, after } of draft.bindings) {
      if (before === path && after !== path) sites.add(`${site}\n${context}`);
    }
    // A line that loads it and is left as it is goes on loading it; what else is left in that file, prose say, does not.
    const left = new Set(draft.left.map((one) => `${one.path}:${one.line}`));
    const loads = (from: string): boolean =>
      on.audit.code.graph.edgesFrom(from).some(({ to, fact }) => to === path && left.has(`${from}:${fact.at[2]}`));
    for (const edit of draft.edits) if (!loads(edit.path)) importers.add(edit.path);
  }
  return { sites, importers };
}

/** `backend/worker.py:38 opens it (make worker)`, at most three of them. */
export function readersInWords(readers: readonly Reader[]): string {
  const shown = readers
    .slice(0, 3)
    .map(({ path, line, what }) => `${path}${line === undefined ? '' : `:${line}`} ${what}`);
  return [...shown, ...(readers.length > 3 ? [`${readers.length - 3} more`] : [])].join('; ');
}
