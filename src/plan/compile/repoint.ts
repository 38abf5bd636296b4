/**
 * Re-point: every site of a store, a module or the name of a module says another one. Nothing moves. What an importer takes and the new module
 * lacks is in the way (trap C8), and so is every place that no answer of the plan lets be.
 */

import { digest } from '../digest.ts';
import type { Reliance } from '../lock-model.ts';
import type { Repoint } from '../model.ts';
import type { Sites } from '../sites/model.ts';
import { NO_SITES } from '../sites/model.ts';
import { moduleSites } from '../sites/module-sites.ts';
import { type Moves, NO_MOVES } from '../sites/moves.ts';
import type { OpenCode } from '../sites/open-code.ts';
import { referenceSites } from '../sites/reference-sites.ts';
import { exportsCompared } from '../sites/same-exports.ts';
import { storeSites } from '../sites/store-sites.ts';
import { textModuleSites } from '../sites/text-module-sites.ts';
import { allSites, codeChange, codeOf } from './code-change.ts';
import { type Compiling, type Drafted, NOTHING } from './draft.ts';

export function compileRepoint(action: Repoint, on: Compiling): Drafted {
  const { subject: from, to } = action;
  if (from === to) return { done: 'it is named so already' };
  const open = codeOf(on);
  const found = sitesOf(action, open, on);
  if ('blocked' in found) {
    // Applied already: what it led to is there, what it led away from is gone, and nothing names that any more.
    const isSo = on.stateOf(from).kind === 'absent' && on.stateOf(to).kind !== 'absent';
    return isSo ? { done: `nothing opens or loads ${from}` } : found;
  }
  const { sites, relies } = found;
  if (sites.edits.length === 0 && sites.open.length === 0) return { done: `nothing opens or loads ${from}` };
  if (sites.edits.length === 0)
    return { blocked: `no place that names ${from} can be edited: ${placesInWords(sites.open)}` };
  const change = codeChange(action, sites, on);
  if ('blocked' in change) return change;
  return { draft: { ...NOTHING, ...change, relies: [...change.relies, ...relies] } };
}

function placesInWords(open: Sites['open']): string {
  const shown = open.slice(0, 3).map(({ path, line, why }) => `${path}:${line} (${why})`);
  return `${shown.join('; ')}${open.length > 3 ? `; ${open.length - 3} more` : ''}`;
}

/** Sites of a `repoint`, for who asks the owner about those that are open. */
export function repointSites(action: Repoint, on: Compiling): Sites {
  const found = sitesOf(action, codeOf(on), on);
  return 'blocked' in found ? NO_SITES : found.sites;
}

interface Found {
  readonly sites: Sites;
  readonly relies: readonly Reliance[];
}

function sitesOf(action: Repoint, open: OpenCode, on: Compiling): Found | { readonly blocked: string } {
  const { subject: from, to, in: only } = action;
  const { code } = on.audit;
  if (isModule(from, on)) {
    if (!isModule(to, on)) return { blocked: `${to} is no module of the project` };
    const moves: Moves = { ...NO_MOVES, instead: new Map([[from, to]]) };
    const lacks = exportsCompared(code, from, to, only);
    const modules = moduleSites(open, moves, only);
    const sites = allSites(open, [modules, textModuleSites(open, moves, only), { ...NO_SITES, open: lacks }], {
      moves,
      only,
    });
    return {
      sites,
      relies: [{ on: 'names', path: to, sha256: digest('names\n', namesIn(code.files.get(to)?.exports)) }],
    };
  }
  const isOpened = code.bindings.some(
    ({ store, target }) =>
      store === from || ((target.kind === 'missing' || target.kind === 'runtime') && target.path === from),
  );
  if (!isOpened && on.stateOf(from).kind === 'absent')
    return { blocked: `${from} is no store, and no module of the project` };
  const moves: Moves = { ...NO_MOVES, moved: new Map([[from, to]]) };
  const stores = storeSites(open, { from, to, only, alongside: alongside(action, on) });
  const references = withoutRemovals(open, referenceSites(open, { moves, only, docs: action.docs }));
  const sites = allSites(open, [stores, references], { moves, only });
  return { sites, relies: [{ on: 'binding', path: from, digest: bindingDigest(from, on) }] };
}

/** Stores that the plan points to the same one; what of them is not applied shows in the proof. */
function alongside({ to }: Repoint, on: Compiling): readonly string[] {
  const others = on.plan.actions.flatMap((one) =>
    one.kind === 'repoint' && one.to === to && !one.skip ? [one.subject] : [],
  );
  return [to, ...others];
}

const isModule = (path: string, on: Compiling): boolean => {
  const language = on.audit.code.files.get(path)?.language;
  return language === 'python' || language === 'typescript' || language === 'php';
};

const namesIn = (exports: readonly { readonly name: string; readonly kind: string }[] = []): readonly string[] =>
  exports.map(({ name, kind }) => `${name} ${kind}`).sort();

export function bindingDigest(store: string, on: Compiling): string {
  const sites = on.audit.code.bindings.flatMap((one) =>
    one.store === store ? [`${one.path} ${one.by} ${one.context}`] : [],
  );
  return digest('bindings\n', sites.sort());
}

/** A command that takes the old store away is not one that shall take the new one away. */
function withoutRemovals(open: OpenCode, sites: Sites): Sites {
  const takes = sites.edits.filter(({ path, start }) => {
    const text = open.source(path)?.text ?? '';
    const end = text.indexOf('\n', start);
    const line = text.slice(text.lastIndexOf('\n', start - 1) + 1, end < 0 ? text.length : end);
    return /(?:^|[\s;&|@"'(])(?:rm|unlink|shred|truncate|rimraf|del|mv|dropdb)\s|[^>]>\s*\S*$/.test(
      line.slice(0, line.length),
    );
  });
  return {
    ...sites,
    edits: sites.edits.filter((edit) => !takes.includes(edit)),
    open: [
      ...sites.open,
      ...takes.map(({ path, line }) => ({ path, line, why: 'a command takes it away or writes over it' })),
    ],
  };
}
