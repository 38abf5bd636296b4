/**
 * Where a store is named that is to be another: from each binding back to the texts that its path is made of, in each context that the line runs in.
 * The text is edited where it is defined. What serves several stores, or was not written as it is read, is left open.
 */
import { posix } from 'node:path';
import type { Settled } from '../../bindings/bind.ts';
import type { Context } from '../../bindings/contexts.ts';
import { HOLE } from '../../bindings/path-functions.ts';
import { respellPath } from '../../edit/respell-path.ts';
import { placeOf } from '../delta.ts';
import type { PlannedBinding } from '../lock-model.ts';
import type { Left } from '../model.ts';
import { type Marked, originsOf } from '../origins.ts';
import { anchored } from './anchored.ts';
import { type PieceEdit, waysToEdit } from './edit-marked.ts';
import type { OpenSite, SiteEdit, Sites } from './model.ts';
import { namesOnPurpose, neverEdited } from './never.ts';
import type { OpenCode } from './open-code.ts';
import { placedLiteral } from './placed-literal.ts';
import { variableMarks } from './variable-marks.ts';
import { writtenOnLine } from './written-on-line.ts';

/** Paths relative to the project. `only`: files whose sites are meant; `null`: all. */
export interface StoreMove {
  readonly from: string;
  readonly to: string;
  readonly only: readonly string[] | null;
  /** Stores that are pointed to `to` as well, and `to` itself: one spelling may serve them all. */
  readonly alongside?: readonly string[];
}

type Ways = readonly (readonly PieceEdit[])[];

interface Use {
  readonly settled: Settled;
  readonly origins: readonly Marked[];
}

export function storeSites(open: OpenCode, { from, to, only, alongside = [] }: StoreMove): Sites {
  const { code } = open.facts;
  const edits = new Map<string, SiteEdit>();
  const unsettled: OpenSite[] = [];
  const left: Left[] = [];
  const done = new Set<string>();
  const isMeant = (path: string): boolean => only === null || only.includes(path);
  const files = [...new Set(code.bindings.map(({ path }) => path))];
  const uses = files.flatMap((path) =>
    open.settledIn(path).map((settled) => ({ settled, origins: origins(open, settled) })),
  );
  const dormant = files.flatMap((path) =>
    open.defaultsIn(path).map((settled) => ({ settled, origins: origins(open, settled) })),
  );
  const wanted = `file ${open.stores.byPath(from) ?? from}`;
  const isWanted = ({ settled }: Use): boolean => placeOf(settled.target) === wanted && isMeant(settled.opening.file);
  const sites = new Set(uses.filter(isWanted).map(({ settled }) => siteOf(settled)));
  // A default names what its variable names, though it is in force nowhere.
  const meant = [...uses, ...dormant.filter(({ settled }) => sites.has(siteOf(settled)))].filter(isWanted);
  for (const use of meant) {
    const { opening, context } = use.settled;
    const { file: path, line } = opening;
    const never = neverEdited(path, code.files.get(path)) ?? namesOnPurpose(path, from, code);
    if (never !== undefined) {
      left.push({ path, line, why: never });
      continue;
    }
    const found = waysOf(open, use, from, to);
    if ('why' in found) {
      unsettled.push({ path, line, why: found.why });
      continue;
    }
    done.add(`${path}:${line}`);
    for (const ways of found.ways) {
      const tried = ways.map((way) =>
        placed(open, uses, way, { wanted, isMeant, by: `${path}:${line}`, in: context.label }),
      );
      const good =
        tried.find(({ problems }) => problems.length === 0) ??
        forAll(open, use, ways, tried, { to, alongside, by: `${path}:${line} opens it ${context.label}` }) ??
        tried[0];
      unsettled.push(...(good?.problems ?? []));
      for (const edit of good?.edits ?? []) {
        const key = `${edit.path}:${edit.start}:${edit.end}`;
        if (edits.has(key) && edits.get(key)?.with !== edit.with)
          unsettled.push({ path: edit.path, line: edit.line, why: 'it would have to be another text in each context' });
        else edits.set(key, edit);
      }
    }
  }
  const isOpen = new Set(unsettled.map(({ path, line }) => `${path}:${line}`));
  return {
    edits: [...edits.values()].filter(({ path, line }) => !isOpen.has(`${path}:${line}`)),
    left,
    open: unsettled,
    bindings: code.bindings.flatMap((binding): PlannedBinding[] => {
      const site = `${binding.path}:${binding.line}`;
      if (placeOf(binding.target) !== wanted || !done.has(site)) return [];
      return [{ site, context: binding.context, before: from, after: to }];
    }),
  };
}

/** Where nothing but other stores that become the same one stands in the way: one path for all of them. */
function forAll(
  open: OpenCode,
  { settled, origins: found }: Use,
  ways: Ways,
  tried: readonly ReturnType<typeof placed>[],
  { to, alongside, by }: { readonly to: string; readonly alongside: readonly string[]; readonly by: string },
): ReturnType<typeof placed> | undefined {
  const problems = tried.flatMap((one) => one.problems);
  const isShared = problems.every(
    ({ serves }) => serves !== undefined && Object.keys(serves).every((store) => alongside.includes(store)),
  );
  const { value } = settled.outcome;
  const [first] = ways.flat();
  if (!isShared || first === undefined || value === null || found.length !== 1) return undefined;
  const edit = anchored(open, first.literal, value, to);
  return edit === null
    ? undefined
    : { edits: [{ ...edit, why: 'path of a store', proof: `${by}, from wherever it is started` }], problems: [] };
}

const siteOf = ({ opening }: Settled): string => `${opening.file}:${opening.start}`;

interface Asking {
  readonly wanted: string;
  readonly isMeant: (path: string) => boolean;
  /** The line that opens the store, and in which context. */
  readonly by: string;
  readonly in: string;
}

/** The edits of one way in their files, and what speaks against it. */
function placed(
  open: OpenCode,
  uses: readonly Use[],
  way: readonly PieceEdit[],
  asking: Asking,
): { readonly edits: readonly SiteEdit[]; readonly problems: readonly OpenSite[] } {
  const edits: SiteEdit[] = [];
  const problems: OpenSite[] = [];
  for (const edit of way) {
    const serves = servesOthers(uses, edit, asking);
    const place = placedLiteral(open, edit.literal, edit.from, edit.to, edit.added);
    if (serves !== undefined)
      problems.push({ ...placeOfLiteral(open, edit), why: 'one spelling serves several stores', serves });
    else if ('why' in place) problems.push({ ...placeOfLiteral(open, edit), why: place.why });
    else
      edits.push({ ...place, with: edit.added, why: 'path of a store', proof: `${asking.by} opens it ${asking.in}` });
  }
  return { edits, problems };
}

const origins = (open: OpenCode, { opening, context, outcome, exampled }: Settled): readonly Marked[] => {
  if (opening.target === undefined || outcome.value === null) return [];
  const situation: Context = exampled
    ? { ...context, variable: (name) => context.variable(name) ?? context.example(name) }
    : context;
  const found = originsOf(opening.target, situation, (name) => {
    const variable = situation.variable(name);
    const text = variable === undefined ? undefined : open.source(variable.source.path)?.text;
    return variable === undefined || text === undefined ? undefined : variableMarks(name, variable, text);
  }).filter(({ value }) => value === outcome.value);
  const hasMarks = found.some(({ marks }) => marks.some((mark) => mark !== null));
  // Commands and settings: their text is on the line itself.
  const [only] = found;
  if (hasMarks || only === undefined) return found;
  const written = writtenOnLine(open, opening, outcome.value);
  return written === undefined ? found : [{ ...only, marks: written }];
};

/** The path of `to` as the context sees it; `undefined`: nothing shows it there. */
function seenFrom(context: Context, full: string, from: string, to: string): string | undefined {
  const seen = full.split('/');
  const own = from.split('/');
  for (let shared = 1; shared <= own.length; shared++) {
    const [seenHead, ownHead] = [seen.slice(0, -shared), own.slice(0, -shared).join('/')];
    if (seen.slice(-shared).join('/') !== own.slice(-shared).join('/')) break;
    const rest = ownHead === '' ? to : to.startsWith(`${ownHead}/`) ? to.slice(ownHead.length + 1) : undefined;
    if (rest === undefined) continue;
    const path = posix.join(seenHead.join('/') || '/', rest);
    const located = context.locate(path);
    if (located.in === 'project' && located.path === to) return path;
  }
  return undefined;
}

function waysOf(
  open: OpenCode,
  { settled, origins: found }: Use,
  from: string,
  to: string,
): { readonly ways: readonly Ways[] } | { readonly why: string } {
  const { context, outcome, path } = settled;
  const { value } = outcome;
  if (value === null || path === undefined) return { why: 'nothing says which path it is given' };
  if (value.includes(HOLE)) return { why: 'part of its path is computed when the program runs' };
  const own = context.locate(path);
  const real = own.in === 'project' ? own.path : from;
  const target = seenFrom(context, path, real, to);
  if (target === undefined) return { why: `nothing shows ${to} ${context.label}` };
  const now = respellPath(value, { base: baseOf(settled), from: path, to: target });
  if (now === null) return { why: `its path (${value}) has a form that is not known` };
  const all = found.map((one) =>
    waysToEdit(one, now, (folder) => staysUsed(open, context, posix.resolve(baseOf(settled), folder), real)),
  );
  if (all.length === 0 || all.some((ways) => ways.length === 0))
    return { why: 'its path is put together in a way that is not followed' };
  return { ways: all };
}

/** What a relative path of the opening counts from, as the context sees it. */
function baseOf({ opening, context }: Settled): string {
  if (opening.base === undefined) return context.cwd;
  const [base] = originsOf(opening.base, context, () => undefined);
  return posix.resolve(context.cwd, base?.value ?? '.');
}

/** Whether a folder keeps a file when `gone` leaves it: a path through it goes on to lead somewhere. */
function staysUsed({ facts }: OpenCode, context: Context, folder: string, gone: string): boolean {
  const located = context.locate(folder);
  if (located.in !== 'project') return false;
  const inside = located.path === '' ? '' : `${located.path}/`;
  for (const path of facts.code.paths) if (path !== gone && path.startsWith(inside)) return true;
  return false;
}

/** Other stores that lines open through the edited part of a literal, or lines that are not meant. */
function servesOthers(
  uses: readonly Use[],
  { literal, from, to }: PieceEdit,
  { wanted, isMeant }: Asking,
): Readonly<Record<string, readonly string[]>> | undefined {
  const found: Record<string, string[]> = {};
  for (const { settled, origins: all } of uses) {
    const place = placeOf(settled.target);
    if (place === wanted && isMeant(settled.opening.file)) continue;
    const touches = all.some(({ marks }) =>
      marks.some(
        (mark) =>
          mark !== null &&
          mark.literal.file === literal.file &&
          mark.literal.start === literal.start &&
          mark.index >= from &&
          (mark.index < to || from === to),
      ),
    );
    if (!touches) continue;
    const name = place.replace(/^\w+ /, '');
    found[name] = [
      ...new Set([...(found[name] ?? []), `${settled.opening.file}:${settled.opening.line} ${settled.context.label}`]),
    ];
  }
  return Object.keys(found).length === 0 ? undefined : found;
}

function placeOfLiteral(open: OpenCode, { literal }: PieceEdit): { readonly path: string; readonly line: number } {
  const text = open.source(literal.file)?.text ?? '';
  return { path: literal.file, line: text.slice(0, literal.start).split('\n').length };
}
