/** Joins code to stores: every opening of a file, settled in every context that the file runs in (design, section 7). Whole because contexts are weighed against each other while they are settled. */
import type { Context, Contexts, Located } from './contexts.ts';
import {
  type Binding,
  type BindingAccess,
  type BindingConfidence,
  type BindingTarget,
  type Evidence,
  IF_THERE,
  type TableUse,
} from './model.ts';
import { type Opened, withoutMakers } from './only-read.ts';
import type { FileOpenings } from './openings.ts';
import { HOLE } from './path-functions.ts';
import { absolute, meaningOf, readable, type StoreIndex, serverOf, targetOf } from './place.ts';
import { purposeOf } from './purpose.ts';
import { redactSecrets, shorten } from './redact.ts';
import { type Outcome, settle } from './settle.ts';
import type { Source } from './symbol.ts';
import { type Opening, openingKey, siteKey } from './value.ts';

export interface BindInput {
  /** What each file opens and does. */
  readonly read: ReadonlyMap<string, FileOpenings>;
  readonly contexts: Contexts;
  readonly stores: StoreIndex;
  /** Files that `file` imports directly. */
  readonly importsOf: (file: string) => readonly string[];
  readonly source: (file: string, line: number) => Source;
}

/** Names of text files that hold rows; others that code opens are no stores. */
const ROWS_AS_TEXT = /\.(?:csv|tsv|jsonl|ndjson|db|sqlite3?|db3)$/i;

export function bindAll(input: BindInput): readonly Binding[] {
  const uses = attribute(input);
  const opened: Opened[] = [];
  for (const [file, { openings }] of input.read) {
    for (const group of sites(openings)) opened.push(...bindSite(group, input, uses, file));
  }
  const bindings = withoutMakers(opened, (file, line) => input.source(file, line).text);
  return [...bindings].sort((x, y) => (x.path < y.path ? -1 : x.path > y.path ? 1 : x.line - y.line));
}

/** Openings of one call: one per caller that gives it another path. */
function sites(openings: readonly Opening[]): readonly (readonly Opening[])[] {
  const byStart = new Map<number, Opening[]>();
  for (const opening of openings) byStart.set(opening.start, [...(byStart.get(opening.start) ?? []), opening]);
  return [...byStart.values()];
}

/** What is done through each opening; SQL whose connection nobody could follow goes to the only one around, or to none. */
function attribute(input: BindInput): ReadonlyMap<string, TableUse[]> {
  const byOpening = new Map<string, TableUse[]>();
  const add = (key: string, uses: readonly TableUse[]): void => {
    for (const at of [key, siteKey(key)]) {
      const list = byOpening.get(at);
      if (list === undefined) byOpening.set(at, [...uses]);
      else list.push(...uses);
    }
  };
  const databases = (file: string): readonly string[] =>
    sites((input.read.get(file)?.openings ?? []).filter(({ engine }) => engine !== 'file')).map((group) =>
      openingKey(group[0] as Opening),
    );
  const all = [...input.read.keys()].flatMap((file) => (purposeOf(file) === 'application' ? databases(file) : []));
  for (const [file, { uses }] of input.read) {
    for (const { openings, uses: done } of uses) {
      let to = openings;
      if (to.length === 0) {
        const own = databases(file);
        const near = own.length > 0 ? own : [...new Set(input.importsOf(file))].flatMap(databases);
        const only = near.length > 0 ? near : all;
        to = only.length === 1 ? only : [];
      }
      for (const key of to) add(key, done);
    }
  }
  return byOpening;
}

/** One outcome of one opening in one context. */
export interface Settled {
  readonly opening: Opening;
  readonly context: Context;
  readonly outcome: Outcome;
  readonly target: BindingTarget;
  readonly located?: Located;
  readonly path?: string;
  readonly exampled: boolean;
  readonly usesCwd: boolean;
  /** It is not there, and whether it is was asked before. */
  readonly asked?: true;
}

function bindSite(
  group: readonly Opening[],
  input: BindInput,
  uses: ReadonlyMap<string, readonly TableUse[]>,
  file: string,
): readonly Opened[] {
  const settled: Settled[] = [];
  for (const opening of group) {
    for (const context of input.contexts.of(file)) settled.push(...settleIn(opening, context, input.stores));
  }
  const kept = chosen(settled.filter((one) => counts(one, input.stores)));
  const merged = new Map<string, Settled[]>();
  for (const one of kept) {
    const key = JSON.stringify([one.target, one.outcome.assumes, one.opening.when]);
    merged.set(key, [...(merged.get(key) ?? []), one]);
  }
  const contexts = new Set(settled.map(({ context }) => context.label));
  const nobodySays = settled.every(({ context }) => !context.cwdSure);
  return [...merged.values()].flatMap((same) => {
    const everywhere =
      same.every(
        ({ usesCwd, outcome }) => !usesCwd && (outcome.variables.length === 0 || (nobodySays && isUnset(outcome))),
      ) && new Set(same.map(({ context }) => context.label)).size === contexts.size;
    const { engine } = (same[0] as Settled).opening;
    if (everywhere) return [{ binding: describe(same, true, input, uses), engine }];
    return byConfidence(same).map((alike) => ({ binding: describe(alike, false, input, uses), engine }));
  });
}

/** What the openings of a file come to in each context that counts, for who has to know what each of them is made of. */
export function settleAll(
  openings: readonly Opening[],
  contexts: readonly Context[],
  stores: StoreIndex,
): readonly Settled[] {
  return sites(openings).flatMap((group) =>
    chosen(
      group
        .flatMap((opening) => contexts.flatMap((context) => settleIn(opening, context, stores)))
        .filter((one) => counts(one, stores)),
    ),
  );
}

/** What is proven in one context is not so in the others; guesses say nothing more where a better one says the same. */
function byConfidence(same: readonly Settled[]): readonly (readonly Settled[])[] {
  const most = Math.max(...same.map((one) => RANK[confidenceOf(one)]));
  const best = same.filter((one) => RANK[confidenceOf(one)] === most);
  const rest = same.filter((one) => RANK[confidenceOf(one)] < most && one.context.cwdSure);
  return rest.length === 0 ? [best] : [best, rest];
}

const isUnset = ({ variables, unset }: Outcome): boolean => variables.every((name) => unset.includes(name));

function settleIn(opening: Opening, context: Context, stores: StoreIndex): readonly Settled[] {
  if (opening.target === undefined) {
    const outcome: Outcome = {
      value: null,
      assumes: [],
      evidence: [],
      variables: [],
      unset: [],
      usesCwd: false,
      sure: false,
      holes: [],
    };
    return [
      {
        opening,
        context,
        outcome,
        target: { kind: 'unknown', why: 'it is given no path that could be read' },
        exampled: false,
        usesCwd: false,
      },
    ];
  }
  const first = settle(opening.target, context).map((outcome) => interpret(opening, context, outcome, stores, false));
  // A variable that only an example file sets tells at least what was meant.
  const proposed: Context = { ...context, variable: (name) => context.variable(name) ?? context.example(name) };
  return first.flatMap((one): readonly Settled[] => {
    const unset = one.target.kind === 'unknown' || (one.target.kind === 'server' && one.target.url === undefined);
    if (!unset || !one.outcome.unset.some((name) => context.example(name) !== undefined)) return [one];
    const meant = settle(opening.target as never, proposed).map((outcome) =>
      interpret(opening, context, outcome, stores, true),
    );
    // A proposal that cannot be meant says less than that the variable is not set.
    return meant.some(({ target }) => target.kind !== 'unknown') ? meant : [one];
  });
}

function interpret(
  opening: Opening,
  context: Context,
  outcome: Outcome,
  stores: StoreIndex,
  exampled: boolean,
): Settled {
  const base = { opening, context, outcome, exampled };
  const unset = outcome.unset.map((name) => `${notSet(name, context)}; set it in .env to see`);
  if (outcome.value === null || outcome.value.replaceAll(HOLE, '') === '') {
    const [variable] = outcome.unset;
    const server = serverOf(opening.engine);
    if (variable !== undefined && server !== undefined) {
      return { ...base, target: { kind: 'server', engine: server, variable }, usesCwd: false };
    }
    return {
      ...base,
      target: { kind: 'unknown', why: [...unset, ...outcome.holes][0] ?? 'nothing says which' },
      usesCwd: false,
    };
  }
  const meaning = meaningOf(outcome.value, opening);
  if (meaning.is === 'memory') return { ...base, target: { kind: 'memory' }, usesCwd: false };
  if (meaning.is === 'unknown')
    return {
      ...base,
      target: { kind: 'unknown', why: (isPartUnset(outcome) ? unset[0] : outcome.holes[0]) ?? meaning.why },
      usesCwd: false,
    };
  if (meaning.is === 'server') {
    const [variable] = outcome.variables;
    return {
      ...base,
      target: {
        kind: 'server',
        engine: meaning.engine,
        url: meaning.url,
        ...(variable === undefined ? {} : { variable }),
      },
      usesCwd: false,
    };
  }
  let { path } = meaning;
  let usesCwd = outcome.usesCwd;
  if (!path.startsWith('/')) {
    const base = opening.base === undefined ? undefined : settle(opening.base, context)[0]?.value;
    if (base !== undefined && base !== null) path = `${base}/${path}`;
    else usesCwd = true;
  }
  const { target, located } = targetOf(path, context, opening, stores);
  const full = absolute(path, context);
  const asked = target.kind === 'missing' && isAskedFor(full, opening, context);
  return { ...base, target, located, path: full, usesCwd, ...(asked ? { asked } : {}) };
}

const isAskedFor = (path: string, { askedFor = [] }: Opening, context: Context): boolean =>
  askedFor.some((symbol) =>
    settle(symbol, context).some(({ value }) => value !== null && absolute(value, context) === path),
  );

const isPartUnset = ({ holes }: Outcome): boolean => holes.length === 0 || / is not set$/.test(holes[0] as string);

/** Who sets it for something else is named: then it is not set for what runs this line. */
function notSet(name: string, context: Context): string {
  const other = context.elsewhere?.(name);
  if (other === undefined) return `${name} is set nowhere in this project`;
  return `${name} is set elsewhere only (${other.path}:${other.line})`;
}

/** Plain files count where they hold rows. */
function counts({ opening, target }: Settled, stores: StoreIndex): boolean {
  if (opening.engine !== 'file') return true;
  switch (target.kind) {
    case 'store':
      return true;
    case 'family':
      return target.stores.length > 0 || ROWS_AS_TEXT.test(target.pattern);
    case 'missing':
    case 'runtime':
      return ROWS_AS_TEXT.test(target.path) && stores.byPath(target.path) === undefined;
    default:
      return false;
  }
}

/** Of the guesses, those that lead to a store that is there; where none does, whatever the first comes to. */
function chosen(settled: readonly Settled[]): readonly Settled[] {
  const sure = settled.filter(({ context, usesCwd }) => context.cwdSure || !usesCwd);
  const guessed = settled.filter(({ context, usesCwd }) => !context.cwdSure && usesCwd);
  const there = guessed.filter(
    ({ target }) => target.kind === 'store' || (target.kind === 'family' && target.stores.length > 0),
  );
  // Nobody writes a path that leads out of the project by chance.
  const inside = guessed.filter(({ located }) => located?.in === 'project');
  const likely = inside.length > 0 ? inside : guessed;
  const first = likely.filter(({ context }) => context === likely[0]?.context);
  return [...sure, ...(there.length > 0 ? there : sure.length > 0 ? [] : first)];
}

function confidenceOf({ outcome, context, target, usesCwd, exampled, path, asked }: Settled): BindingConfidence {
  if (target.kind === 'unknown') return 'unknown';
  // The default answers only where no file that nobody has seen sets it.
  if (context.unread !== undefined && outcome.unset.length > 0) return 'likely';
  if (asked === true || context.supposed === true || (target.kind === 'outside' && path?.includes(HOLE) === true))
    return 'likely';
  if (exampled || !outcome.sure || (usesCwd && !context.cwdSure) || target.kind === 'family') return 'likely';
  return target.kind === 'server' && target.url === undefined ? 'likely' : 'proven';
}

const RANK: Readonly<Record<BindingConfidence, number>> = { proven: 2, likely: 1, unknown: 0 };

function describe(
  same: readonly Settled[],
  everywhere: boolean,
  input: BindInput,
  uses: ReadonlyMap<string, readonly TableUse[]>,
): Binding {
  const best = [...same].sort((x, y) => RANK[confidenceOf(y)] - RANK[confidenceOf(x)])[0] as Settled;
  const { opening, outcome, target, context } = best;
  const labels = [...new Set(same.map((one) => one.context.label))];
  const done = uses.get(openingKey(opening)) ?? uses.get(`${opening.file}:${opening.start}`) ?? [];
  const tables = uniqueUses(done);
  const access = new Set<BindingAccess>(tables.map((use) => use.access));
  if (opening.access === 'read' || opening.access === 'read-write') access.add('read');
  if (opening.access === 'write' || opening.access === 'read-write') access.add('write');
  const assumes = [
    // What is unknown because it is not set hangs on nothing else.
    ...(isNamedBy(target, outcome) ? [] : outcome.unset.map((name) => `${name} is not set`)),
    ...(context.supposed === true ? ['the container runs it, which nothing says'] : []),
    ...(best.asked === true ? [IF_THERE] : []),
    ...(opening.when === undefined ? [] : [opening.when]),
    ...outcome.assumes,
    ...(best.exampled ? ['variables are as the example file proposes'] : []),
    ...(best.usesCwd && !everywhere
      ? [context.cwdSure ? `started ${describeCwd(best)}` : `started ${describeCwd(best)}, which nothing says`]
      : []),
  ];
  return {
    path: opening.file,
    line: opening.line,
    spelling: shorten(redactSecrets(input.source(opening.file, opening.line).text)),
    context: everywhere ? 'wherever it is started' : labels.join('; '),
    store: target.kind === 'store' ? target.store : null,
    target,
    access: (['read', 'write', 'ddl'] as const).filter((one) => access.has(one)),
    tables,
    assumes,
    changesIf: changes(best),
    confidence: confidenceOf(best),
    evidence: evidenceOf(best),
    by: opening.rule,
    purpose: purposeOf(opening.file),
  };
}

const isNamedBy = (target: BindingTarget, { unset }: Outcome): boolean =>
  target.kind === 'unknown' ||
  (target.kind === 'server' &&
    target.variable !== undefined &&
    target.url === undefined &&
    unset.includes(target.variable));

function describeCwd({ context }: Settled): string {
  const located = context.locate(context.cwd);
  if (located.in === 'project') return located.path === '' ? 'from the project’s root' : `from ${located.path}`;
  return `from ${context.cwd}`;
}

function changes({ outcome, usesCwd, located }: Settled): readonly string[] {
  return [
    ...outcome.unset.map((name) => `${name} is set`),
    ...outcome.variables
      .filter((name) => !outcome.unset.includes(name))
      .map((name) => `${name} is set to something else`),
    ...(usesCwd ? ['it is started from another folder'] : []),
    ...(located !== undefined && 'by' in located && located.by !== undefined ? ['the mount moves'] : []),
  ];
}

function evidenceOf(one: Settled): readonly Evidence[] {
  const { outcome, context, located, usesCwd, path } = one;
  const evidence: Evidence[] = outcome.evidence.map(toEvidence);
  for (const name of outcome.unset) evidence.push(unsetEvidence(name, context));
  if (context.unread !== undefined && outcome.unset.length > 0) {
    evidence.push({ text: `${context.unread}, which may set it, is not in this project` });
  }
  if (usesCwd && path !== undefined) {
    const where = {
      text: shorten(`relative to ${context.cwd === '/' ? '/' : describeCwd(one).replace(/^from /, '')}`),
    };
    const { cwdSource } = context;
    evidence.push(cwdSource === undefined ? where : { ...where, path: cwdSource.path, line: cwdSource.line });
  }
  if (located !== undefined && 'by' in located && located.by !== undefined) evidence.push(toEvidence(located.by));
  if (located?.in === 'image') {
    evidence.push({
      text:
        located.copyOf === undefined
          ? `${readable(located.path)} lies in the container only: no mount keeps it`
          : `a copy of ${located.copyOf} inside the image: no mount keeps what is written there`,
    });
  }
  if (located?.in === 'volume') evidence.push({ text: `in the named volume ${located.name}` });
  return evidence;
}

function unsetEvidence(name: string, context: Context): Evidence {
  const other = context.elsewhere?.(name);
  const text = notSet(name, context);
  return other === undefined ? { text } : { text, path: other.path, line: other.line };
}

const toEvidence = ({ path, line, text }: Source): Evidence => ({ text: shorten(redactSecrets(text)), path, line });

function uniqueUses(uses: readonly TableUse[]): readonly TableUse[] {
  const seen = new Map(uses.map((use) => [`${use.path}:${use.line}:${use.table}:${use.access}`, use]));
  return [...seen.values()].sort((x, y) => (x.path < y.path ? -1 : x.path > y.path ? 1 : x.line - y.line));
}
