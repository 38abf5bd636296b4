/** What making an export anew would come to: which declaration is meant, which merge comes before, what would be lost. */
import { type DeclaredExport, keptExports } from '../exports/kept-at.ts';
import type { Compiling } from './compile/draft.ts';
import { pendingHash } from './compile/pending.ts';
import type { ExportAsked, ExportTried } from './export-port.ts';
import type { Measured } from './measured.ts';
import { mergeMeant } from './merge-intent.ts';
import type { ExportAction, Merge, Plan } from './model.ts';
import { applies } from './what-applies.ts';

export interface ExportMeant {
  readonly declared: DeclaredExport;
  /** `null`: the file is not there. */
  readonly tried: ExportTried | null;
}

export function declaredFor({ subject }: Pick<ExportAction, 'subject'>, on: Measured): DeclaredExport | undefined {
  return keptExports(on.config.exports).find(({ path }) => path === subject);
}

/** The decision that what the old file has alone may go. */
export function replaceDecision({ id }: Pick<ExportAction, 'id'>): string {
  return `${id}-replace`;
}

/** `earlier`: drafts of the phase; `null`: nothing is compiled yet, and open questions are answered as proposed. A string: why it cannot be made. */
export async function exportMeant(
  action: ExportAction,
  plan: Pick<Plan, 'actions' | 'decisions'>,
  on: Measured,
  earlier: Compiling['earlier'] | null,
): Promise<ExportMeant | string> {
  const declared = declaredFor(action, on);
  const { subject } = action;
  if (declared === undefined)
    return `no export of desprawl.yaml is kept at ${subject}: declare it, with \`to:\` its folder (docs/exports.md)`;
  if (on.exporting === undefined) return 'nothing here can make exports';
  const { spec } = declared;
  const store = on.stateOf(spec.store);
  if (store.kind !== 'file') return `its store, ${spec.store}, is ${store.kind === 'absent' ? 'not there' : 'no file'}`;
  if (!on.audit.stores.some(({ path }) => path === spec.store))
    return `its store, ${spec.store}, is none that was looked at (\`desprawl audit\` lists them)`;
  const now = on.stateOf(subject);
  if (now.kind !== 'file' && now.kind !== 'absent') return `${subject} is no file`;
  const merge = mergeBefore(action, spec.store, plan, on, earlier === null);
  if (typeof merge === 'string') return merge;
  const after = merge === null ? null : await asked(merge, plan, on, earlier);
  const tried = now.kind === 'absent' ? null : await on.exporting.tryOut({ path: subject, spec, after });
  return { declared, tried };
}

/** The merge that leaves the store as the export finds it; a string: why there is none. */
function mergeBefore(
  action: ExportAction,
  store: string,
  plan: Pick<Plan, 'actions' | 'decisions'>,
  on: Measured,
  isAsking: boolean,
): Merge | null | string {
  const merges = plan.actions.filter((one): one is Merge => one.kind === 'merge' && one.subject === store);
  const state = on.stateOf(store);
  const own = merges.find((one) => one.phase === action.phase && applies(one, plan as Plan).is !== 'skipped');
  if (own !== undefined) {
    if (action.after.includes(own.id)) return own;
    return `${own.id} changes ${store} in the same phase: it must come first (\`after: [${own.id}]\`)`;
  }
  const isBefore = ({ id, phase }: Merge): boolean =>
    isAsking ? phase < action.phase : state.kind === 'file' && state.sha256 === pendingHash(id);
  return merges.find(isBefore) ?? null;
}

/** `null`: the merge changes nothing any more. */
async function asked(
  merge: Merge,
  plan: Pick<Plan, 'decisions'>,
  on: Measured,
  earlier: Compiling['earlier'] | null,
): Promise<ExportAsked['after']> {
  const drafted = earlier?.get(merge.id)?.merge;
  if (drafted !== undefined) return { target: drafted.target, spec: drafted.spec, ancestors: drafted.ancestors };
  const state = on.stateOf(merge.subject);
  const isPending = state.kind === 'file' && state.sha256 === pendingHash(merge.id);
  if (earlier !== null && !isPending) return null;
  const meant = await mergeMeant(merge, plan, on, { proposals: true });
  if (meant === null || meant.spec.tables.length === 0) return null;
  return { target: merge.subject, spec: meant.spec, ancestors: meant.ancestors };
}
