/**
 * Before a store goes (promise 4): lines that may mean it and that nobody could resolve. A setting, a mount, a command or a name with holes
 * that fits is no proof of a reader, and not of its absence either: the owner is asked. What opens it for certain is no question: it stays.
 */
import { fitsPath } from '../audit/mentions.ts';
import { list } from '../audit/wording.ts';
import type { Binding } from '../bindings/model.ts';
import type { FileFacts, PlaceFact } from '../code/facts.ts';
import { membersOf } from './compile/members.ts';
import type { Measured } from './measured.ts';
import type { Action, Decision, Plan } from './model.ts';
import { within } from './project-paths.ts';
import { inListOfNames, neverEdited } from './sites/never.ts';

export interface Naming {
  readonly path: string;
  readonly line: number;
  /** In a text for people. */
  readonly prose: boolean;
  /** The store that it may mean. */
  readonly store: string;
}

const GOES = 'goes';
const LISTS_FILES = /(?:^|\/)(?:\.[\w-]*ignore|\.gitattributes|CODEOWNERS)$/;

/** By path and line. None for modules: who needs these is told by imports and commands. */
export function stillNamed(action: Action, on: Measured): readonly Naming[] {
  if (action.kind !== 'archive' && action.kind !== 'remove') return [];
  const { code, stores } = on.audit;
  const known = new Map(stores.map(({ id, path }) => [path, id]));
  const files = membersOf(action, on).files;
  const going = new Set(files);
  const byName = new Map<string, string[]>();
  for (const path of files) {
    if (!known.has(path)) continue;
    const name = path.slice(path.lastIndexOf('/') + 1);
    byName.set(name, [...(byName.get(name) ?? []), path]);
  }
  if (byName.size === 0) return [];
  const staying = stores.map(({ path }) => path).filter((path) => !going.has(path));
  const settled = settledLines(code.bindings);
  const found = new Map<string, Naming>();
  const add = (one: Naming): void => {
    const key = `${one.path}:${one.line}`;
    if (!going.has(one.path) && !settled.has(key) && !found.has(key)) found.set(key, one);
  };
  for (const { path, line, target, purpose } of code.bindings) {
    if (target.kind !== 'family' || purpose === 'test') continue;
    const store = files.find((file) => target.stores.includes(known.get(file) ?? ''));
    if (store !== undefined) add({ path, line, prose: false, store });
  }
  for (const [path, facts] of code.files) {
    if (neverEdited(path, facts) !== undefined || LISTS_FILES.test(path)) continue;
    for (const { v, at, prose } of facts.texts) {
      const store = meantBy(v, path, facts, byName, staying);
      if (store === undefined || inListOfNames(facts, at[0], at[1]) !== undefined) continue;
      const isProse = prose === true || facts.language === 'markdown';
      // A comment opens nothing.
      if (!isProse || facts.language === 'markdown') add({ path, line: at[2], prose: isProse, store });
    }
  }
  return [...found.values()].sort((x, y) => (x.path < y.path ? -1 : x.path > y.path ? 1 : x.line - y.line));
}

/** Lines of which it is known what they open: this store, and then it was looked at as a reader, or another one. */
function settledLines(bindings: readonly Binding[]): ReadonlySet<string> {
  const found = new Set<string>();
  for (const { target, path, line, evidence } of bindings) {
    if (target.kind === 'unknown' || target.kind === 'family') continue;
    for (const at of [{ path, line }, ...evidence]) found.add(`${at.path}:${at.line}`);
  }
  return found;
}

/** Which of the files a text may mean: by its own words, or as a container sees what is mounted there. */
function meantBy(
  text: string,
  path: string,
  { places }: FileFacts,
  byName: ReadonlyMap<string, readonly string[]>,
  staying: readonly string[],
): string | undefined {
  // `./data/hub.db:/data/hub.db:ro` of a mount: what stands before the colon is of the project.
  const words = [text, ...(/^\.{0,2}\/[^:]+:/.test(text) ? [text.slice(0, text.indexOf(':'))] : [])];
  for (const word of [...words, ...words.flatMap((one) => mountedAs(one, path, places))]) {
    const name = /([^/\\]+?)(?:[?#].*)?$/s.exec(word)?.[1];
    const store = byName.get(name ?? '')?.find((one) => fitsPath(word, one));
    // `data/hub.db` is the whole path of one that stays, and only the end of another's.
    const isOther = store !== undefined && staying.some((one) => word.includes(one) && fitsPath(word, one));
    if (store !== undefined && (!isOther || word.includes(store))) return store;
  }
  return undefined;
}

function mountedAs(text: string, path: string, places: readonly PlaceFact[]): readonly string[] {
  const folder = path.includes('/') ? path.slice(0, path.lastIndexOf('/')) : '';
  return places.flatMap(({ mounts = [] }) =>
    mounts.flatMap(({ source, target, named }) => {
      const base = target.replace(/\/$/, '');
      return named !== true && base !== '' && text.startsWith(`${base}/`)
        ? [within(folder, `${source}${text.slice(base.length)}`)]
        : [];
    }),
  );
}

/** Drivers of servers open no file. */
const SERVERS = /psycopg|asyncpg|aiopg|pg8000|^pg\b|postgres|mysql|mariadb|mongo|motor|redis/i;

/** Lines that open a SQLite store which nobody could tell: it may be any of them. */
function unresolved({ code }: Measured['audit']): readonly string[] {
  const lines = code.bindings
    .filter(({ target, purpose, by }) => {
      if (target.kind !== 'unknown' || purpose === 'test' || SERVERS.test(by)) return false;
      return !target.why.startsWith('a driver of ');
    })
    .map(({ path, line }) => `${path}:${line}`);
  return [...new Set(lines)];
}

/** One question for all that go: a line that opens what nobody could tell may open each of them. */
function askUnresolved(lines: readonly string[]): Decision {
  const more = lines.length > 3 ? ` and ${lines.length - 3} more` : '';
  return {
    id: UNRESOLVED,
    question: `Which store ${list(lines.slice(0, 3))}${more} ${lines.length === 1 ? 'opens' : 'open'} could not be told. Is it one that goes?`,
    evidence: lines.slice(0, 8),
    choices: { [GOES]: 'no: what goes, goes', stays: 'yes, or nobody knows: stores stay where they are' },
    proposal: null,
    chosen: null,
  };
}

const UNRESOLVED = 'unresolved-readers';

function takesStore(action: Action, on: Measured): boolean {
  if (action.kind !== 'archive' && action.kind !== 'remove') return false;
  const files = new Set(membersOf(action, on).files);
  return on.audit.stores.some(({ path, kind, bytes }) => kind === 'sqlite' && bytes > 0 && files.has(path));
}

/** A question for each action that takes away what is named; those that are in the plan already keep their answers. */
export function askWhoNames(plan: Plan, on: Measured): Plan {
  const decisions = new Map<string, Decision>(plan.decisions.map((one) => [one.id, one]));
  const open = unresolved(on.audit);
  const needing = (action: Action): Action => {
    if (open.length === 0 || !takesStore(action, on)) return action;
    if (!decisions.has(UNRESOLVED)) decisions.set(UNRESOLVED, askUnresolved(open));
    const others = action.needs.filter(({ decision }) => decision !== UNRESOLVED);
    return { ...action, needs: [...others, { decision: UNRESOLVED, choices: [GOES] }] };
  };
  const actions = plan.actions.map(needing).map((action): Action => {
    const all = namingsFor(action, plan, on);
    const places = all.filter(({ prose }) => !prose).map(({ path, line }) => `${path}:${line}`);
    const told = all.filter(({ prose }) => prose).map(({ path, line, store }) => `${path}:${line} names ${store}`);
    const risks = [...new Set([...action.risks, ...told.slice(0, 2)])];
    const risky =
      told.length === 0 ? action : { ...action, risks, risk: action.risk === 'low' ? 'medium' : action.risk };
    if (places.length === 0) return risky;
    const id = `named-${action.id}`;
    const stores = [...new Set(all.filter(({ prose }) => !prose).map(({ store }) => store))];
    if (!decisions.has(id)) decisions.set(id, question(id, stores, places));
    const others = action.needs.filter(({ decision }) => decision !== id);
    return { ...risky, needs: [...others, { decision: id, choices: [GOES] }] };
  });
  return { ...plan, actions, decisions: [...decisions.values()] };
}

/** What is pointed elsewhere first has been looked at line by line there. */
function namingsFor(action: Action, plan: Plan, on: Measured): readonly Naming[] {
  const isPointed = plan.actions.some(
    ({ id, kind, subject, skip }) =>
      kind === 'repoint' && subject === action.subject && !skip && action.after.includes(id),
  );
  return isPointed ? [] : stillNamed(action, on);
}

function question(id: string, stores: readonly string[], places: readonly string[]): Decision {
  const [it, goes] = stores.length === 1 ? ['it', 'goes'] : ['them', 'go'];
  return {
    id,
    question: `${list([...places], 3)} may mean ${list([...stores], 3)}. Does anything still need ${it}?`,
    evidence: places.slice(0, 8),
    choices: { [GOES]: `no: ${list([...stores], 3)} ${goes}`, stays: 'yes, or nobody knows: nothing changes' },
    proposal: null,
    chosen: null,
  };
}
