/**
 * What would differ in the merges of a plan, before any of them is done: the engine merges in scratch files, with what is open answered as it is
 * proposed, and counts. Changes nothing, not even the plan.
 */
import type { Audit } from '../audit/model.ts';
import type { Config } from '../config/config.ts';
import type { Disk } from '../disk/disk.ts';
import type { PlannedConflict, PlannedConflictsDocument } from '../merge/ledger/documents.ts';
import type { MergeResult } from '../merge/model.ts';
import { compileProblem } from '../plan/compile/merge-stores.ts';
import { differDecision } from '../plan/differ-decision.ts';
import type { Measured } from '../plan/measured.ts';
import { type MergeMeant, mergeMeant } from '../plan/merge-intent.ts';
import type { Merge, Plan } from '../plan/model.ts';
import { measure } from './measure.ts';

export interface PlanConflictsRequest {
  readonly plan: Plan;
  readonly audit: Audit;
  readonly config: Config;
  readonly disk: Disk;
  readonly cacheDir: string | null;
  readonly scratchDir: string;
  readonly signal?: AbortSignal;
}

/** Throws `DSP-STORE-UNREADABLE`. */
export async function planConflicts({ plan, ...on }: PlanConflictsRequest): Promise<PlannedConflictsDocument> {
  const measured = measure(on);
  const conflicts: PlannedConflict[] = [];
  const notMeasured: { action: string; why: string }[] = [];
  for (const action of plan.actions) {
    if (action.kind !== 'merge' || action.skip) continue;
    const found = await ofMerge(action, plan, measured);
    if (typeof found === 'string') notMeasured.push({ action: action.id, why: found });
    else conflicts.push(...found);
  }
  return { version: 1, plan: plan.plan, conflicts, notMeasured };
}

/** Why it cannot be measured, where it cannot. */
async function ofMerge(action: Merge, plan: Plan, on: Measured): Promise<readonly PlannedConflict[] | string> {
  const problem = compileProblem(action, on);
  if (problem !== null) return problem;
  const meant = await mergeMeant(action, plan, on, { proposals: true });
  if (meant === null || on.merging === undefined) return 'nothing here can merge stores';
  if (meant.spec.tables.length === 0) return 'no table of it comes in';
  const tried = await on.merging.tryOut(meant.asked, meant.spec, meant.ancestors);
  return 'why' in tried
    ? tried.why
    : [...differing(action, plan, meant, tried.result), ...unsettled(action, tried.result)];
}

function differing(action: Merge, plan: Plan, { spec }: MergeMeant, result: MergeResult): readonly PlannedConflict[] {
  const silent = new Set(result.unsettled.map(({ table, column }) => `${table}\0${column}`));
  return spec.tables.flatMap(({ table, columns, differ }) =>
    columns.flatMap(({ name: column }): PlannedConflict[] => {
      const stores = result.parts.flatMap((part) => {
        const rows = part.table === table ? (part.differs[column] ?? 0) : 0;
        return rows === 0 ? [] : [{ store: spec.sources[part.source]?.path ?? '', rows }];
      });
      if (stores.length === 0 || silent.has(`${table}\0${column}`)) return [];
      const decision = differDecision(plan, action.id, table, column);
      const isOpen = decision !== null && decision.chosen === null;
      const policy = isOpen ? null : (differ[column] ?? null);
      return [
        {
          ...{ action: action.id, target: action.subject, table, column },
          rows: stores.reduce((sum, { rows }) => sum + rows, 0),
          stores,
          state: isOpen ? 'open' : decision !== null ? 'answered' : policy !== null ? 'said' : 'fixed',
          policy,
          decision: decision?.id ?? null,
          proposal: decision?.proposal ?? null,
        },
      ];
    }),
  );
}

/** Columns that the plan says nothing of: `desprawl plan --from` will ask. */
function unsettled({ id, subject }: Merge, result: MergeResult): readonly PlannedConflict[] {
  return result.unsettled.map(({ table, column, rows }) => ({
    ...{ action: id, target: subject, table, column, rows, stores: [] },
    ...{ state: 'open', policy: null, decision: null, proposal: null },
  }));
}
