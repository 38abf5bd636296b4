/**
 * Writes a changed plan into the text that a person edited: only the values that changed are replaced, so that every comment, order,
 * quote and blank line stays byte for byte. What is written is read again and compared before anybody gets it.
 */
import { isDeepStrictEqual } from 'node:util';
import { DesprawlError } from '../errors.ts';
import type { Plan } from './model.ts';
import { readPlan } from './read-plan.ts';
import {
  actionKeys,
  approvalKeys,
  decisionKeys,
  planKeys,
  policyKeys,
  TITLE,
  titleLine,
  type WrittenKey,
} from './write-plan.ts';
import { openYamlEdit, type YamlMap } from './yaml-edit.ts';

/** Of the keys of a plan, as they are written first. */
const TOP_ORDER = [
  'version',
  'plan',
  'policy',
  'decisions',
  'actions',
  'left',
  'checks',
  'measures',
  'approvals',
] as const;

/** `text` holds a valid plan. Items that `plan` lacks stay: people wrote them. Throws `DSP-PLAN-INVALID`. */
export function updatePlan(text: string, plan: Plan, name: string, title?: string): string {
  const before = readPlan(text, name);
  const yaml = openYamlEdit(text);
  const set = (map: YamlMap, was: readonly WrittenKey[] | null, now: readonly WrittenKey[]): void => {
    const order = now.map(({ key }) => key);
    for (const [i, { key, value }] of now.entries()) {
      if (was !== null && was[i]?.key === key && was[i]?.value === value) continue;
      yaml.set(map, key, value, order);
    }
  };
  for (const decision of plan.decisions) {
    const was = before.decisions.find(({ id }) => id === decision.id);
    const map = yaml.item('decisions', 'decision', decision.id);
    if (was === undefined || map === null) yaml.append('decisions', decisionKeys(decision, 4));
    else set(map, decisionKeys(was, map.indent), decisionKeys(decision, map.indent));
  }
  for (const action of plan.actions) {
    const was = before.actions.find(({ id }) => id === action.id);
    const map = yaml.item('actions', 'id', action.id);
    if (was === undefined || map === null) yaml.append('actions', actionKeys(action, 4));
    else set(map, actionKeys(was, map.indent), actionKeys(action, map.indent));
  }
  for (const [i, { key, value }] of planKeys(plan).entries()) {
    const was = planKeys(before)[i];
    if (was?.key !== key || was.value !== value) yaml.set(yaml.top, key, value, TOP_ORDER);
  }
  if (!isDeepStrictEqual(before.policy, plan.policy)) {
    const lines = policyKeys(plan.policy).flatMap(({ key, value }) => (value === null ? [] : [`\n  ${key}:${value}`]));
    yaml.set(yaml.top, 'policy', lines.length === 0 ? null : lines.join(''), TOP_ORDER);
  }
  for (const approval of plan.approvals.slice(before.approvals.length))
    yaml.append('approvals', approvalKeys(approval));
  const edited = yaml.text();
  const result = title === undefined ? edited : edited.replace(TITLE, () => titleLine(title));
  if (!isSame(result, plan, name)) {
    throw new DesprawlError('DSP-PLAN-INVALID', `${name} is written in a way in which desprawl cannot change it.`, {
      hint: 'Take out anchors and aliases, write its items one key a line, or make a new one with `desprawl plan --out FILE`.',
    });
  }
  return result;
}

function isSame(text: string, plan: Plan, name: string): boolean {
  try {
    const { decisions, actions, ...rest } = readPlan(text, name);
    const { decisions: wantedDecisions, actions: wantedActions, ...wantedRest } = plan;
    const has = <T extends { readonly id: string }>(found: readonly T[], wanted: readonly T[]): boolean =>
      wanted.every((one) =>
        isDeepStrictEqual(
          found.find(({ id }) => id === one.id),
          one,
        ),
      );
    return isDeepStrictEqual(rest, wantedRest) && has(decisions, wantedDecisions) && has(actions, wantedActions);
  } catch (error) {
    if (error instanceof DesprawlError) return false;
    throw error;
  }
}
