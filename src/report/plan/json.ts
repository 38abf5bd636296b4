/** The document of `plan --json`: the contract with programs. */
import type { CompiledAction } from '../../plan/compile/model.ts';
import type { Left, Risk } from '../../plan/model.ts';
import type { PlanTotals, PlanView } from './view.ts';

export interface PlanDocument {
  readonly version: 1;
  readonly id: string;
  /** Where it was written; `null`: nowhere. */
  readonly file: string | null;
  /** What approvals name: of everything in the plan that has an effect, and of all edits of code. Hex. */
  readonly hash: string;
  readonly code: string;
  readonly actions: readonly PlanDocumentAction[];
  readonly decisions: readonly {
    readonly id: string;
    readonly question: string;
    readonly evidence: readonly string[];
    readonly proposal: string | null;
    readonly alternatives: readonly { readonly choice: string; readonly does: string }[];
    readonly chosen?: string;
  }[];
  /** What was found and is not proposed. */
  readonly left: readonly Left[];
  /** Findings that no action is proposed for, by code, the worst first. */
  readonly others: readonly { readonly code: string; readonly findings: number }[];
  /** Of what would be applied now, and of that with the proposals. */
  readonly totals: PlanTotals;
  readonly withProposals: PlanTotals;
}

export interface PlanDocumentAction {
  readonly id: string;
  readonly kind: string;
  readonly subject: string;
  readonly to?: string;
  readonly because?: string;
  /** Of what settles an earlier merge: each value, and what would come of it. */
  readonly values?: readonly string[];
  /** Of what follows a merge: each column, whose ids it holds. */
  readonly ids?: readonly string[];
  readonly rows?: readonly string[];
  readonly is: CompiledAction['is'];
  readonly why?: string;
  readonly reason: string;
  readonly finding: string | null;
  readonly phase: number;
  readonly after: readonly string[];
  readonly needs: readonly { readonly decision: string; readonly choices: readonly string[] }[];
  readonly files: readonly string[] | number | null;
  readonly except: readonly string[];
  readonly references: string | null;
  readonly left: readonly Left[];
  readonly risk: Risk;
  readonly risks: readonly string[];
  readonly undo: string;
  readonly owner?: string;
  readonly due?: string;
  readonly bytes?: { readonly changed: number; readonly freed: number; readonly vault: number };
  readonly seconds?: number;
}

export function planDocument(view: PlanView): PlanDocument {
  const { plan, file, hash, code, left, others, totals, withProposals } = view;
  return {
    version: 1,
    id: plan.plan,
    file,
    hash,
    code,
    actions: view.actions.map(actionOf),
    decisions: view.decisions.map(({ id, question, evidence, choices, proposal, chosen }) => ({
      id,
      question,
      evidence,
      proposal,
      alternatives: Object.entries(choices).map(([choice, does]) => ({ choice, does })),
      ...(chosen === null ? {} : { chosen }),
    })),
    left,
    others,
    totals,
    withProposals,
  };
}

function actionOf({ action, is, why, locked }: PlanView['actions'][number]): PlanDocumentAction {
  const to = 'to' in action && action.to !== null ? { to: action.to } : {};
  const because = 'because' in action && action.because !== null ? { because: action.because } : {};
  return {
    id: action.id,
    kind: action.kind,
    subject: action.subject,
    ...to,
    ...because,
    ...(action.kind === 'settle' ? { values: action.values, rows: action.rows } : {}),
    ...(action.kind === 'follow' ? { ids: action.ids, rows: action.rows } : {}),
    is,
    ...(why === null ? {} : { why }),
    reason: action.reason,
    finding: action.finding,
    phase: action.phase,
    after: action.after,
    needs: action.needs,
    files: action.files,
    except: action.except,
    references: action.references,
    left: action.left,
    risk: action.risk,
    risks: action.risks,
    undo: action.undo,
    ...(action.owner === undefined ? {} : { owner: action.owner }),
    ...(action.due === undefined ? {} : { due: action.due }),
    ...(locked === null ? {} : { bytes: locked.bytes, seconds: locked.seconds }),
  };
}
