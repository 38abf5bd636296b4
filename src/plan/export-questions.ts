/**
 * What an old file has that the export in its place would not have becomes a decision (trap X4), asked of what is there now: an answer to
 * another question is none. Counts stand in the evidence, so that an answer holds while they grow.
 */
import { isPoorer, lostEvidence, lostInShort, lostKinds } from '../exports/lost-words.ts';
import { exportMeant, replaceDecision } from './export-meant.ts';
import type { ExportTried } from './export-port.ts';
import type { Measured } from './measured.ts';
import type { Action, Decision, ExportAction, Plan } from './model.ts';

const REPLACE = 'replace';

export async function withExportQuestions(plan: Plan, on: Measured): Promise<Plan> {
  const decisions = new Map(plan.decisions.map((one) => [one.id, one]));
  const actions: Action[] = [];
  for (const action of plan.actions) {
    if (action.kind !== 'export' || action.skip) {
      actions.push(action);
      continue;
    }
    const id = replaceDecision(action);
    const asked = await questionOf(action, plan, on);
    const needs = action.needs.filter(({ decision }) => decision !== id);
    if (asked === null) {
      decisions.delete(id);
      actions.push({ ...action, needs });
      continue;
    }
    decisions.set(id, withAnswer(asked, decisions.get(id)));
    actions.push({ ...action, needs: [...needs, { decision: id, choices: [REPLACE] }] });
  }
  return { ...plan, actions, decisions: [...decisions.values()] };
}

/** `null`: nothing would be lost, or it cannot be made, which compiling says. */
async function questionOf(action: ExportAction, plan: Plan, on: Measured): Promise<Decision | null> {
  const meant = await exportMeant(action, plan, on, null);
  if (typeof meant === 'string' || meant.tried === null) return null;
  const { declared, tried } = meant;
  const { path, spec } = declared;
  const of = 'table' in spec.from ? `${spec.from.table} of ${spec.store}` : `the query of ${spec.store}`;
  const told = toldBy(tried);
  if (told === null) return null;
  const { what, evidence, isSerious } = told;
  return {
    id: replaceDecision(action),
    question: `${path} has what its export from ${of} would not have: ${what}. Shall it be replaced?`,
    evidence,
    choices: {
      [REPLACE]: `it is written anew; as it is now it is in the backup${isSerious ? ', for ever' : ' of the run'}`,
      leave: 'it stays as it is',
    },
    proposal: isSerious ? null : REPLACE,
    chosen: null,
  };
}

function toldBy(
  tried: ExportTried,
): { readonly what: string; readonly evidence: readonly string[]; readonly isSerious: boolean } | null {
  if (tried.is === 'unreadable')
    return { what: 'it cannot be read as a table', evidence: [tried.why], isSerious: true };
  if (tried.is !== 'differs' || lostKinds(tried.lost).length === 0) return null;
  const { lost } = tried;
  return { what: lostInShort(lost), evidence: lostEvidence(lost), isSerious: isPoorer(lost) };
}

function withAnswer(asked: Decision, known: Decision | undefined): Decision {
  if (known === undefined || known.chosen === null) return asked;
  if (known.question === asked.question) return { ...asked, chosen: known.chosen };
  return { ...asked, evidence: [...asked.evidence, `answered ${known.chosen} when it was asked otherwise`] };
}
