/**
 * Modules that repeat another one, but for comments and spaces (trap C5): who imports them is pointed to the one that stays, then they go.
 * Modules that differ in anything are people's work to bring together.
 */
import { posix } from 'node:path';
import { purposeOf } from '../../bindings/purpose.ts';
import type { SimilarPair } from '../../code/similar/model.ts';
import type { Action } from '../model.ts';
import { type Planning, type Proposal, propose } from './planner.ts';

const MODULES: ReadonlySet<string> = new Set(['python', 'typescript', 'php']);

/** Copies that make connections are told as such. */
const CODES: ReadonlySet<string> = new Set(['near-copy', 'repeated-connection-module']);

export function modules(on: Planning): Proposal {
  const { code, findings } = on.audit;
  const told = new Map(
    findings
      .filter(({ code: one }) => CODES.has(one))
      .flatMap(({ code: one, at }) => at.map(({ path }) => [path, one] as const)),
  );
  const actions: Action[] = [];
  const settled = new Set<string>();
  const pairs = code.similar.filter(
    ({ a, b, equal }) => (equal === 'bytes' || equal === 'tokens') && told.has(a) && told.has(b),
  );
  for (const pair of pairs) {
    const chosen = keeperOf(pair, pairs, on);
    if (chosen === null) continue;
    const { keeper, other } = chosen;
    // What goes can hold nothing for a third one, and what stays for one must stay.
    if (settled.has(other) || actions.some(({ subject }) => subject === keeper)) continue;
    settled.add(other).add(keeper);
    actions.push(...wayOut(pair, keeper, other, told.get(other) ?? 'near-copy', on));
  }
  return { actions, decisions: [], left: [] };
}

interface Chosen {
  readonly keeper: string;
  readonly other: string;
}

/** By who reaches them: never by length or name. `null`: both are started, or one is no module of the application. */
function keeperOf({ a, b }: SimilarPair, pairs: readonly SimilarPair[], on: Planning): Chosen | null {
  const { code } = on.audit;
  const isModule = (path: string): boolean =>
    MODULES.has(code.files.get(path)?.language ?? '') && purposeOf(path) === 'application';
  if (!isModule(a) || !isModule(b) || on.going.has(a) || on.going.has(b)) return null;
  const started = new Set(code.entries.map(({ file }) => file));
  const unused = new Set(code.unused.modules.map(({ path }) => path));
  // Whether both go is one question already, and one copy that stays would be asked about the next time.
  const asked = new Set(
    on.audit.findings
      .filter((one) => one.code === 'unused-module' && one.confidence !== 'possible')
      .flatMap(({ at }) => at.map(({ path }) => path)),
  );
  if (asked.has(a) && asked.has(b)) return null;
  const importers = (path: string): number =>
    code.graph.importers(path).filter((from) => purposeOf(from) !== 'test').length;
  // Where two folders repeat each other, one of them stays as a whole.
  const beside = (path: string, other: string): number =>
    pairs
      .flatMap((one) => [[one.a, one.b] as const, [one.b, one.a] as const])
      .filter(([x, y]) => posix.dirname(x) === posix.dirname(path) && posix.dirname(y) === posix.dirname(other))
      .reduce((sum, [x]) => sum + importers(x), 0);
  const rank = (path: string): readonly number[] => [
    isShadowed(path, on) ? 0 : 1,
    started.has(path) ? 1 : 0,
    beside(path, path === a ? b : a),
    unused.has(path) ? 0 : 1,
    importers(path),
  ];
  const [x, y] = [rank(a), rank(b)];
  const at = x.findIndex((one, i) => one !== y[i]);
  const [keeper, other] = at < 0 || (x[at] ?? 0) > (y[at] ?? 0) ? [a, b] : [b, a];
  return started.has(other) || isShadowed(keeper, on) ? null : { keeper, other };
}

/** A package of the same name stands before it: no import reaches it (trap C15). */
function isShadowed(path: string, on: Planning): boolean {
  return path.endsWith('.py') && on.audit.code.files.has(`${path.slice(0, -'.py'.length)}/__init__.py`);
}

function wayOut(
  { equal }: SimilarPair,
  keeper: string,
  other: string,
  finding: string,
  on: Planning,
): readonly Action[] {
  const importers = on.audit.code.graph.importers(other).filter((from) => from !== other);
  if (importers.length > 0 && !on.kinds.includes('repoint')) return [];
  const reason = equal === 'bytes' ? `the same file as ${keeper}` : `the same as ${keeper} but for comments and spaces`;
  const repoint = importers.length === 0 ? [] : [propose('repoint', other, { to: keeper, in: null, reason, finding })];
  const after = repoint.map(({ id }) => id);
  const remove = propose('remove', other, {
    because: equal === 'bytes' ? keeper : null,
    reason: repoint.length > 0 ? 'nothing imports it any more' : reason,
    finding,
    after,
    risk: 'medium',
    risks: ['something outside this project may import it'],
  });
  return [...repoint, remove];
}
