/**
 * Stores in use that repeat another one, byte for byte or row by row: what opens them is pointed to the other one, then they go. Whatever
 * has a row, a value or a reader of its own stays (traps S7, X1).
 */
import type { Audit } from '../../audit/model.ts';
import { byteHeads, type Standing, standings } from '../../audit/standing.ts';
import { count, list } from '../../audit/wording.ts';
import type { Store } from '../../stores/model.ts';
import { provenElsewhere } from '../compile/proven-elsewhere.ts';
import type { Action, Decision, Left } from '../model.ts';
import { neededBy, type Planning, type Proposal, propose } from './planner.ts';

const UNRESOLVED = 'unresolved-openers';

export function copies(on: Planning): Proposal {
  const codes = new Set(on.audit.findings.map(({ code }) => code));
  const actions: Action[] = [];
  const left: Left[] = [];
  const openers = unresolvedOpeners(on.audit);
  for (const standing of standings(on.audit)) {
    const { store, against, kind, own, conflicting } = standing;
    if (store.role === 'backup' || against.role === 'backup') continue;
    if (kind === 'diverged' && codes.has('diverged-store') && !becomeOne(store, against, on)) {
      const parts = [
        ...(own > 0 ? [`${count(own, 'row')} that it lacks`] : []),
        ...(conflicting > 0 ? [`${count(conflicting, 'row')} with other values`] : []),
      ];
      if (parts.length > 0)
        left.push({ path: store.path, why: `no copy of ${against.id} (${list(parts)})${orOne(store, on)}` });
      // Where nothing says which of the two is the right one, each has what the other lacks.
      if (!standing.primary && standing.missing > 0) {
        left.push({
          path: against.path,
          why: `no copy of ${store.id} (${count(standing.missing, 'row')} that it lacks)${orOne(against, on)}`,
        });
      }
    }
    const code = kind === 'copy' ? 'copy-store' : 'subset-store';
    if ((kind !== 'copy' && kind !== 'subset') || conflicting > 0 || !codes.has(code)) continue;
    const going = wayOut(standing, code, openers.length > 0, on);
    actions.push(...going.actions);
    left.push(...going.left);
  }
  const exports = textCopies(on);
  const asked = actions.flatMap(({ kind, subject, needs }) => (kind === 'remove' && needs.length > 0 ? [subject] : []));
  return { actions: [...actions, ...exports], decisions: asked.length === 0 ? [] : [question(asked, openers)], left };
}

/** That they differ is no reason to leave them then; why one of them stays nevertheless, the merge says. */
function becomeOne(store: Store, against: Store, { merges }: Planning): boolean {
  return merges.merges.some(({ proposal: { target, sources } }) =>
    [store.path, against.path].every((path) => path === target || sources.includes(path)),
  );
}

/** What people must say for it to become one with others: there is one reason per path, and this is the way on. */
function orOne({ path }: Store, { merges }: Planning): string {
  const found = merges.left.find((one) => one.path === path);
  return found === undefined ? '' : `; ${found.why}`;
}

function wayOut(
  standing: Standing,
  finding: string,
  ask: boolean,
  on: Planning,
): { actions: readonly Action[]; left: readonly Left[] } {
  const { store, measured } = standing;
  const against = keeperOf(standing, on);
  if (!measured)
    return { actions: [], left: [{ path: store.path, why: `compared with ${against.id} by sample only` }] };
  // The target that was asked for is what others are pointed to, never the other way round.
  if (store.path === on.target) return { actions: [], left: [] };
  const readers = neededBy(store.path, on);
  if (readers.length > 0 && !on.kinds.includes('repoint')) {
    return {
      actions: [],
      left: [{ path: store.path, why: `repeats ${against.id} and is opened by ${readers[0]?.path}` }],
    };
  }
  const repoint =
    readers.length === 0
      ? []
      : [
          propose('repoint', store.path, {
            to: against.path,
            in: null,
            reason: `${store.path} repeats ${against.path}`,
            finding,
          }),
        ];
  const [mine, theirs] = [on.stateOf(store.path), on.stateOf(against.path)];
  const sameBytes = mine.kind === 'file' && theirs.kind === 'file' && mine.sha256 === theirs.sha256;
  const rows = store.tables.reduce((sum, table) => sum + (table.kind === 'table' ? (table.rows ?? 0) : 0), 0);
  const remove = propose('remove', store.path, {
    because: against.path,
    reason: sameBytes ? `the same bytes as ${against.path}` : `all ${count(rows, 'row')} are in ${against.path}`,
    finding,
    after: repoint.map(({ id }) => id),
    needs: ask ? [{ decision: UNRESOLVED, choices: ['no'] }] : [],
    risk: 'high',
    risks: ['rows written to it after the run are only in the vault after going back'],
  });
  return { actions: [...repoint, remove], left: [] };
}

/** Of the stores in use that hold all of it the one that was asked for, else the primary, else the fullest. */
function keeperOf({ store, against }: Standing, on: Planning): Store {
  const { stores, groups } = on.audit;
  const rank = (one: Store): readonly number[] => [
    one.path === on.target ? 1 : 0,
    groups.some(({ primary }) => primary === one.id) ? 1 : 0,
    one.tables.reduce((sum, { rows }) => sum + (rows ?? 0), 0),
    one.id === against.id ? 1 : 0,
  ];
  const holders = stores
    .filter((one) => one.id !== store.id && one.kind === 'sqlite' && one.role === 'live' && !on.going.has(one.path))
    .filter((one) => one.id === against.id || 'relies' in provenElsewhere(store.path, one.path, on))
    .map((one) => ({ one, rank: rank(one) }));
  holders.sort((x, y) => {
    const at = x.rank.findIndex((value, i) => value !== y.rank[i]);
    return at < 0 ? (x.one.id < y.one.id ? -1 : 1) : (y.rank[at] ?? 0) - (x.rank[at] ?? 0);
  });
  return holders[0]?.one ?? against;
}

/** Exports of the same bytes. */
function textCopies(on: Planning): readonly Action[] {
  const heads = byteHeads(on.audit);
  const found = on.audit.findings
    .filter(({ code }) => code === 'copy-store')
    .flatMap(({ at }) => at.map(({ path }) => path));
  return on.audit.stores.flatMap(({ id, path, kind, role }) => {
    const head = heads.get(id);
    const isCopy = kind !== 'sqlite' && role === 'export' && head !== undefined && head !== id && found.includes(path);
    if (!isCopy || neededBy(path, on).length > 0) return [];
    return [
      propose('remove', path, {
        because: head,
        reason: `the same export as ${head}, byte for byte`,
        finding: 'copy-store',
      }),
    ];
  });
}

interface Opener {
  readonly path: string;
  readonly line: number;
}

/** Lines that open a database, nobody can tell which. */
function unresolvedOpeners({ code }: Audit): readonly Opener[] {
  const found = code.bindings.filter(
    ({ target, purpose, by }) => target.kind === 'unknown' && purpose !== 'test' && by !== 'open' && by !== 'csv',
  );
  return [...new Map(found.map(({ path, line }) => [`${path}:${line}`, { path, line }])).values()];
}

function question(subjects: readonly string[], openers: readonly Opener[]): Decision {
  return {
    id: UNRESOLVED,
    question: `${count(openers.length, 'line')} ${openers.length === 1 ? 'opens a store' : 'open stores'} that could not be told. Can it be ${list(subjects, 5)}?`,
    evidence: openers.slice(0, 8).map(({ path, line }) => `${path}:${line}`),
    choices: {
      no: `${list(subjects, 5)} ${subjects.length === 1 ? 'is' : 'are'} removed`,
      yes: 'what they may open stays',
    },
    proposal: null,
    chosen: null,
  };
}
