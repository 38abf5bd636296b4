/**
 * Move: files, folders, modules and stores get another path, and everything that names them follows. Refuses what would fall out of git (C14), what
 * would open another file from there (C13), what would hide or lose a module (C15).
 */
import { posix } from 'node:path';
import type { FileState, LinkState } from '../../disk/path-state.ts';
import { digest } from '../digest.ts';
import type { Reliance } from '../lock-model.ts';
import type { Move } from '../model.ts';
import { NO_SITES, type OpenSite, type Sites } from '../sites/model.ts';
import { moduleSites } from '../sites/module-sites.ts';
import type { Moves } from '../sites/moves.ts';
import { namedSites } from '../sites/named-sites.ts';
import { movedPlaces } from '../sites/place-of-file.ts';
import { referenceSites } from '../sites/reference-sites.ts';
import { storeSites } from '../sites/store-sites.ts';
import { textModuleSites } from '../sites/text-module-sites.ts';
import { ABSENT_STATE } from './absent.ts';
import { allSites, codeChange, codeOf } from './code-change.ts';
import { type Compiling, type Draft, type DraftChange, type Drafted, NOTHING } from './draft.ts';
import { membersOf, withSidecars } from './members.ts';
import { fileOf } from './new-file.ts';
import { relyOn } from './taken-away.ts';

export function compileMove(action: Move, on: Compiling): Drafted {
  const placed = placesOf(action, on);
  if (!('moved' in placed)) return placed;
  const packages = newPackages(placed.moved, on);
  const hidden = shadowed(placed.moved, packages, on);
  if (hidden !== undefined) return { blocked: hidden };
  const sites = sitesOf(action, placed.moved, packages, on);
  const change = codeChange(action, sites, on);
  if ('blocked' in change) return change;
  const files = moveFiles(placed.moved, on);
  if ('blocked' in files) return files;
  return {
    draft: {
      ...NOTHING,
      ...change,
      changes: [...files.changes, ...packages.map((path) => ({ path, ...fileOf('') }))],
      entries: files.entries,
      emptied: [...placed.folders, ...foldersAbove([...placed.moved.keys()])],
      relies: [...change.relies, ...files.relies],
    },
  };
}

/** Sites of a `move`, for who asks the owner about those that are open. */
export function moveSites(action: Move, on: Compiling): Sites {
  const placed = placesOf(action, on);
  return 'moved' in placed ? sitesOf(action, placed.moved, newPackages(placed.moved, on), on) : NO_SITES;
}

interface Placed {
  readonly moved: ReadonlyMap<string, string>;
  readonly folders: readonly string[];
}

function placesOf(action: Move, on: Compiling): Placed | Exclude<Drafted, { readonly draft: Draft }> {
  const subject = action.subject.replace(/\/$/, '');
  const to = action.to.replace(/\/$/, '');
  const members = membersOf(action, on);
  if (members.blocked !== null) return { blocked: members.blocked };
  if (members.files.length === 0) {
    return on.stateOf(to).kind === 'absent'
      ? { blocked: `${action.subject} is not there` }
      : { done: `${action.to} is there, and ${action.subject} is not` };
  }
  const isFolder = on.stateOf(subject).kind === 'folder';
  const into = action.to.endsWith('/') || members.isPattern;
  const moved = new Map<string, string>();
  for (const file of members.files) {
    const target = isFolder
      ? posix.join(to, file.slice(subject.length + 1))
      : into
        ? posix.join(to, posix.basename(file))
        : to;
    if (target !== file) moved.set(file, target);
  }
  if (moved.size === 0) return { done: 'it is there already' };
  const targets = [...moved.values()];
  const twice = targets.find((one, index) => targets.indexOf(one) !== index);
  if (twice !== undefined) return { blocked: `two files would be ${twice}` };
  const taken = targets.find((one) => on.stateOf(one).kind !== 'absent' && !moved.has(one));
  if (taken !== undefined) return { blocked: `${taken} is there already` };
  const odd = [...moved.keys()].find((one) => on.stateOf(one).kind === 'link' && isLinkedRelatively(one, on));
  if (odd !== undefined && posix.dirname(odd) !== posix.dirname(moved.get(odd) as string))
    return { blocked: `${odd} is a link that counts from its own folder` };
  return { moved, folders: members.folders };
}

function isLinkedRelatively(path: string, on: Compiling): boolean {
  const state = on.stateOf(path);
  return state.kind === 'link' && (typeof state.target !== 'string' || !state.target.startsWith('/'));
}

function sitesOf(action: Move, moved: ReadonlyMap<string, string>, made: readonly string[], on: Compiling): Sites {
  const open = codeOf(on);
  const moves: Moves = { moved, instead: new Map(), made };
  const stores = on.audit.stores.flatMap(({ path }) => {
    const to = moved.get(path);
    return to === undefined ? [] : [storeSites(open, { from: path, to, only: null })];
  });
  const kinds = [
    ...stores,
    moduleSites(open, moves),
    textModuleSites(open, moves, null),
    namedSites(open, moves, null),
    referenceSites(open, { moves, only: null, docs: action.docs }),
    { ...NO_SITES, open: movedPlaces(open, moves) },
    { ...NO_SITES, open: linksTo(moved, on) },
  ];
  return allSites(open, kinds, { moves, only: null });
}

/** Links that lead to a store that goes: they are respelled with it only by hand. */
function linksTo(moved: ReadonlyMap<string, string>, on: Compiling): readonly OpenSite[] {
  return on.audit.stores.flatMap(({ path, links = [] }) =>
    moved.has(path)
      ? links
          .filter((link) => !moved.has(link))
          .map((link) => ({ path: link, line: 1, why: `a link to ${path}, which moves` }))
      : [],
  );
}

/** A module that was in a package stays in one: folders above it that have no `__init__.py` get one (trap C15). */
function newPackages(moved: ReadonlyMap<string, string>, on: Compiling): readonly string[] {
  const made = new Set<string>();
  const targets = new Set(moved.values());
  for (const [from, to] of moved) {
    if (!/\.pyi?$/.test(from) || !hasInit(posix.dirname(from), on)) continue;
    for (let folder = posix.dirname(to); folder !== '.'; folder = posix.dirname(folder)) {
      const init = `${folder}/__init__.py`;
      // Whoever is there without one was none before either.
      if (targets.has(init) || on.stateOf(init).kind !== 'absent' || holdsModules(folder, on)) break;
      made.add(init);
    }
  }
  return [...made].sort();
}

const hasInit = (folder: string, on: Compiling): boolean =>
  folder !== '.' && on.stateOf(`${folder}/__init__.py`).kind === 'file';

/** A folder of modules that is no package: others import from it without. */
const holdsModules = (folder: string, on: Compiling): boolean =>
  on.stateOf(folder).kind === 'folder' &&
  on.namesIn(folder).some((name) => name.endsWith('.py') && name !== '__init__.py');

/** `models.py` beside `models/`: one of them would no longer be found (trap C15). */
function shadowed(moved: ReadonlyMap<string, string>, made: readonly string[], on: Compiling): string | undefined {
  const after = new Set([...on.paths.map((path) => moved.get(path) ?? path), ...made]);
  const before = new Set(on.paths);
  for (const path of [...moved.values(), ...made]) {
    if (!/\.pyi?$/.test(path)) continue;
    const module = path.replace(/\.pyi?$/, '');
    const folder = posix.dirname(path);
    const asPackage = `${module}/__init__.py`;
    const asModule = `${folder}.py`;
    if (after.has(asPackage) && !(before.has(asPackage) && before.has(path)))
      return `${path} and ${module}/ would be modules of one name`;
    if (posix.basename(path) === '__init__.py' && after.has(asModule) && !(before.has(asModule) && before.has(path)))
      return `${asModule} and ${folder}/ would be modules of one name`;
  }
  return undefined;
}

function moveFiles(
  moved: ReadonlyMap<string, string>,
  on: Compiling,
): (Pick<Draft, 'entries' | 'relies'> & { readonly changes: readonly DraftChange[] }) | { readonly blocked: string } {
  const { git } = on;
  const changes: DraftChange[] = [];
  const entries: Draft['entries'][number][] = [];
  const relies: Reliance[] = [];
  for (const [from, to] of moved) {
    for (const { path, store } of withSidecars(from, on)) {
      const target = to + path.slice(from.length);
      const state = on.stateOf(path);
      if (state.kind !== 'file' && state.kind !== 'link') return { blocked: `${path} is neither a file nor a link` };
      if (path !== from && on.stateOf(target).kind !== 'absent') return { blocked: `${target} is there already` };
      const entry = git?.entryOf(path) ?? null;
      if (entry !== null && git?.ignores(target) === true && !git.ignores(path))
        return { blocked: `git ignores ${target}, so that ${path}, which it tracks, would fall out of it` };
      const known: FileState | LinkState = state;
      changes.push({ path, want: ABSENT_STATE, ...(store === undefined ? {} : { store }) });
      changes.push({
        path: target,
        want: known,
        movedFrom: path,
        ...(store === undefined ? {} : { store: to }),
      });
      if (entry !== null) {
        entries.push({ path, after: null }, { path: target, after: entry });
        relies.push({ on: 'git', path, digest: digest('git\n', git?.stateOf(path) ?? 'none') });
      }
      relies.push(relyOn(path, known));
      if (!moved.has(target)) relies.push({ on: 'absent', path: target });
    }
  }
  // A path that one move leaves and another fills is there afterwards.
  const filled = new Set(moved.values());
  return {
    changes: changes.filter(({ path, want }) => want.kind !== 'absent' || !filled.has(path)),
    entries: lastOf(entries),
    relies,
  };
}

/** Two entries of one path: it was left by one file and filled by another. */
function lastOf(entries: readonly Draft['entries'][number][]): Draft['entries'] {
  const found = new Map<string, Draft['entries'][number]>();
  for (const entry of entries)
    if (entry.after !== null || found.get(entry.path) === undefined) found.set(entry.path, entry);
  return [...found.values()];
}

function foldersAbove(paths: readonly string[]): readonly string[] {
  const found = new Set<string>();
  for (const path of paths)
    for (let folder = posix.dirname(path); folder !== '.'; folder = posix.dirname(folder)) found.add(folder);
  return [...found].sort((x, y) => y.length - x.length || (x < y ? -1 : 1));
}
