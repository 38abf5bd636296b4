/**
 * The code after a run against the code before it: nothing leads nowhere that led somewhere, no file got worse to read, and every line
 * opens what it did or what was planned.
 */
import type { RunChange, VerifyFinding } from '../apply/model.ts';
import { count } from '../audit/wording.ts';
import type { CodeSnapshot, SeenBinding, SeenSite } from '../plan/code-snapshot.ts';
import { type ChangedBinding, delta, placeOf } from '../plan/delta.ts';
import { explainedBindings } from '../plan/explained-bindings.ts';
import type { PlannedBinding } from '../plan/lock-model.ts';

export interface CodeComparison {
  readonly before: CodeSnapshot;
  readonly after: CodeSnapshot;
  /** Old path → new path. */
  readonly moved: ReadonlyMap<string, string>;
  readonly planned: readonly PlannedBinding[];
  readonly changes: readonly RunChange[];
}

export function codeFindings(of: CodeComparison): readonly VerifyFinding[] {
  const { before, after, moved } = of;
  const found = delta(before, after, moved);
  const sites = (
    what: string,
    one: string,
    all: CodeSnapshot['names'],
    gained: readonly SeenSite[],
  ): VerifyFinding => ({
    what,
    ok: gained.length === 0,
    detail:
      gained.length === 0
        ? `${all.length === 0 ? 'none leads' : `${count(all.length, one)} ${all.length === 1 ? 'leads' : 'lead'}`} nowhere; none that did not before`
        : `${count(gained.length, one)} ${gained.length === 1 ? 'leads' : 'lead'} nowhere that did not before`,
    places: gained.map(({ path, line, what: spelled }) => ({ path, line, what: spelled })),
  });
  return [
    sites('imports', 'import', after.unresolved, found.unresolved.gained),
    sites('names', 'imported name', after.names, found.names.gained),
    sites('references', 'path in commands and builds', after.references, found.references.gained),
    syntax(of, found.syntax),
    bindings(of, found.bindings),
  ];
}

function syntax({ after, changes }: CodeComparison, worse: ReturnType<typeof delta>['syntax']): VerifyFinding {
  const read = new Set(after.read.map(({ path }) => path));
  const edited = changes.filter(({ path, is }) => is !== 'removed' && read.has(path)).length;
  const ok = worse.length === 0;
  return {
    what: 'syntax',
    ok,
    detail: ok
      ? `${count(edited, 'file')} of code touched; each is read as well as before`
      : `${count(worse.length, 'file')} cannot be read as well as before`,
    places: worse.map(({ path, problem }) => ({ path, what: problem ?? 'it does not parse any more' })),
  };
}

function bindings(of: CodeComparison, changed: readonly ChangedBinding[]): VerifyFinding {
  const explained = explainedBindings(changed, {
    ...of,
    touched: new Set(of.changes.flatMap(({ path, is }) => (is === 'removed' ? [] : [path]))),
    removed: new Set(of.changes.flatMap(({ path, is }) => (is === 'removed' ? [path] : []))),
  });
  const asPlanned = changed.filter((one) => isPlanned(one, of) || explained.has(one));
  const others = changed.filter((one) => !asPlanned.includes(one));
  const missed = notYet(of);
  const places = [
    ...others.map(({ before, after }) => {
      const { path, line } = after ?? before ?? { path: '', line: 0 };
      return { path, line, what: `opened ${shown(before)}, opens ${shown(after)}` };
    }),
    ...missed.map(({ path, after }) => ({ path, what: `was to open ${after}, and does not` })),
  ];
  const total = of.after.bindings.length;
  return {
    what: 'bindings',
    ok: places.length === 0,
    detail:
      places.length === 0
        ? `${count(total, 'line')} that ${total === 1 ? 'opens' : 'open'} stores: ${asPlanned.length === 0 ? 'all as before' : `${asPlanned.length} changed as planned, the others as before`}`
        : `${count(places.length, 'line')} ${places.length === 1 ? 'does' : 'do'} not open what was planned`,
    places,
  };
}

/** A context's name changes with what starts it: file, store before and store after tell which planned one it is. */
function isPlanned({ before, after }: ChangedBinding, { planned, changes, moved }: CodeComparison): boolean {
  const path = (after ?? before)?.path ?? '';
  // With its file it came.
  if (before === null && changes.some((one) => one.path === path && one.is === 'made')) return true;
  if (after === null) return false;
  return planned.some(
    (one) =>
      siteOf(one, moved) === path &&
      one.after !== null &&
      placeOf(after.target) === `file ${one.after}` &&
      (before === null ||
        one.before === null ||
        placeOf(before.target) === `file ${moved.get(one.before) ?? one.before}`),
  );
}

/** Planned, and no line of that file opens it; where the file goes, no line of what is taken instead of it. */
function notYet(of: CodeComparison): readonly { path: string; after: string }[] {
  const { planned, after, moved } = of;
  const opened = new Set(after.bindings.map(({ path, target }) => `${path}\n${placeOf(target)}`));
  const missed = planned.flatMap((one) => {
    const path = siteOf(one, moved);
    const opens = (file: string): boolean => opened.has(`${file}\nfile ${one.after}`);
    if (one.after === null || opens(path) || heirsOf(path, of).some(opens)) return [];
    return [{ path, after: one.after }];
  });
  return [...new Map(missed.map((one) => [`${one.path}\n${one.after}`, one])).values()];
}

/** What those that imported a file which went import now. */
function heirsOf(gone: string, { before, after, moved, changes }: CodeComparison): readonly string[] {
  if (!changes.some(({ path, is }) => path === gone && is === 'removed')) return [];
  const takers = new Set(before.imports.flatMap(({ from, to }) => (to === gone ? [moved.get(from) ?? from] : [])));
  return after.imports.flatMap(({ from, to }) => (takers.has(from) ? [to] : []));
}

/** `services/auth/app.py:31`, where it is now. */
function siteOf({ site }: PlannedBinding, moved: ReadonlyMap<string, string>): string {
  const path = site.replace(/:\d+$/, '');
  return moved.get(path) ?? path;
}

function shown(binding: SeenBinding | null): string {
  if (binding === null) return 'nothing';
  const place = placeOf(binding.target);
  return `${place.startsWith('file ') ? place.slice(5) : place} (${binding.context})`;
}
