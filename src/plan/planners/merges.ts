/**
 * Stores that hold one body of data become one: the rows of all come into the store of truth, the lines that open the others are pointed to it,
 * and these go. Every step waits for the one before; what stays apart keeps its store, and it is said why.
 */
import { byteHeads } from '../../audit/standing.ts';
import { count, list } from '../../audit/wording.ts';
import { inShort } from '../../merge/propose/counted.ts';
import type { MeasuredMerge } from '../../merge/propose/measured.ts';
import type { MergeProposal } from '../../merge/propose/model.ts';
import { decisionOf, needsOf } from '../merge-questions.ts';
import type { Action, Left } from '../model.ts';
import { followQuestions } from './follow-questions.ts';
import { neededBy, type Planning, type Proposal, propose, slug } from './planner.ts';

const FINDINGS = ['diverged-store', 'split-store', 'conflicting-twin', 'blind-reader', 'twin-table', 'orphan-export'];

export function mergeStores(on: Planning): Proposal {
  const all = on.merges.merges.filter(({ proposal }) => !on.going.has(proposal.target));
  const found = all.map((one) => ofMerge(one, idOf(one.proposal.target, all), on));
  return {
    actions: found.flatMap(({ actions }) => actions),
    decisions: found.flatMap(({ decisions }) => decisions),
    left: [...found.flatMap(({ left }) => left), ...on.merges.left],
  };
}

/** Of the action that merges into a store; `null`: none does. */
export function mergeInto(target: string, { merges, going }: Planning): string | null {
  const all = merges.merges.filter(({ proposal }) => !going.has(proposal.target));
  return all.some(({ proposal }) => proposal.target === target) ? idOf(target, all) : null;
}

/** `merge-hub`; with its folders where two targets have one name. */
function idOf(target: string, all: readonly MeasuredMerge[]): string {
  const stem = (path: string): string => slug(path.slice(path.lastIndexOf('/') + 1).replace(/\.\w+$/, ''));
  const isShared = all.some(({ proposal }) => proposal.target !== target && stem(proposal.target) === stem(target));
  return `merge-${isShared ? slug(target) : stem(target)}`;
}

function ofMerge({ proposal, untried }: MeasuredMerge, id: string, on: Planning): Proposal {
  const { target, sources, tables, questions, apart } = proposal;
  const left: Left[] = apart
    .filter(({ keeps }) => keeps)
    .map(({ store, table, why }) => ({ path: store, why: table === null ? why : `${table} stays apart: ${why}` }));
  const merge = propose('merge', target, {
    id,
    from: sources,
    tables,
    'id-map': null,
    reason: reasonOf(proposal, on),
    finding: findingOf(proposal, on),
    needs: [
      ...needsOf(
        id,
        questions.filter(({ holds }) => holds === 'merge'),
      ),
      // Rows do not move while nobody said whether ids elsewhere follow them.
      ...on.merges.followers
        .filter((one) => one.target === target)
        .flatMap((one) => followQuestions(one, id))
        .map(({ need }) => need),
    ],
    risk: 'high',
    risks: [
      ...(untried === null ? [] : [`its counts were not tried out: ${untried}`]),
      'rows written to it after the run come back as decided then (desprawl rollback --later)',
    ],
  });
  const ways = sources.map((source) => wayOut(source, merge.id, proposal, on));
  return {
    actions: [merge, ...ways.flatMap(({ actions }) => actions)],
    decisions: questions.map((one) => decisionOf(id, one)),
    left: [...left, ...ways.flatMap((one) => one.left)],
  };
}

/** What opens a source is pointed to the target, then it goes; not while rows of it would be nowhere else. */
function wayOut(
  source: string,
  merge: string,
  { target, apart, questions }: MergeProposal,
  on: Planning,
): Pick<Proposal, 'actions' | 'left'> {
  const stays = on.stays.get(source);
  if (stays !== undefined) return { actions: [], left: [{ path: source, why: stays }] };
  if (apart.some(({ store, keeps }) => store === source && keeps)) return { actions: [], left: [] };
  const store = on.audit.stores.find(({ path }) => path === source);
  const actions: Action[] = [];
  const isText = store !== undefined && store.kind !== 'sqlite';
  const readers = neededBy(source, on);
  if (isText && readers[0] !== undefined)
    return {
      actions: [],
      left: [{ path: source, why: `${readers[0].path} reads it: its rows come into ${target}, and it stays` }],
    };
  if (readers.length > 0) {
    actions.push(
      propose('repoint', source, {
        to: target,
        in: null,
        after: [merge],
        reason: `its rows are in ${target}`,
        finding: null,
        risk: 'medium',
      }),
    );
  }
  const held = questions.filter(({ holds }) => holds !== 'merge' && holds.includes(source));
  const archive = propose('archive', source, {
    to: null,
    after: [merge, ...actions.map((one) => one.id)],
    needs: needsOf(merge, held),
    reason: `its rows are in ${target}; nothing opens it any more`,
    finding: null,
    risk: 'high',
    risks: twinNote(source, on),
  });
  return { actions: [...actions, archive], left: [] };
}

function twinNote(source: string, { audit }: Planning): readonly string[] {
  const heads = byteHeads(audit);
  const head = heads.get(source);
  const same = audit.stores.filter(({ id, path }) => path !== source && head !== undefined && heads.get(id) === head);
  return same.length === 0 ? [] : [`${list(same.map(({ path }) => path))} has the same bytes and stays`];
}

function reasonOf({ target, because, sources, tables }: MergeProposal, { audit }: Planning): string {
  const isFile = (path: string): boolean =>
    audit.stores.some((store) => store.path === path && store.kind !== 'sqlite');
  if (sources.every(isFile))
    return `${list(sources)} ${sources.length === 1 ? 'has' : 'have'} rows that ${target} lacks: ${inShort({ tables }) || list(tables.map(({ table }) => table))}`;
  const why = because.length === 0 ? '' : ` (${list([...because], 2)})`;
  return `${count(sources.length + 1, 'store')} hold one body of data: ${inShort({ tables }) || list(tables.map(({ table }) => table))}; ${target} is the store of truth${why}`;
}

function findingOf({ target, sources }: MergeProposal, { audit }: Planning): string | null {
  const stores = new Set([target, ...sources]);
  const about = audit.findings.filter(
    ({ stores: named = [], at }) =>
      named.some((one) => sources.includes(one)) || at.some(({ path }) => sources.includes(path) && stores.has(path)),
  );
  return FINDINGS.find((code) => about.some((one) => one.code === code)) ?? null;
}
