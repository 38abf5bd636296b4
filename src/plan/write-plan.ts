/** A plan as a file that a person reads in two minutes. What is as it is when it is left out is left out. */
import { typeOf } from './actions/index.ts';
import { ACTION_KEYS, type KeySpec } from './keys.ts';
import { tablesValue } from './merge-tables.ts';
import type { Action, Approval, Decision, Left, Need, Plan, Policy } from './model.ts';
import { contentValue, flowMap, listValue, scalar } from './yaml-words.ts';

/** A key and what stands behind its colon; `null`: left out. */
export interface WrittenKey {
  readonly key: string;
  readonly value: string | null;
}

const HOW = [
  '# Answer a decision in `chosen:`. Leave an action out with `skip: true`. What each key means: docs/plan-file.md.',
  '# desprawl plan --from FILE   measures again after edits and on another machine',
  '# desprawl apply FILE         shows it, asks, and carries it out; desprawl rollback takes it back',
];

/** `title`: one line, shown first and written anew each time. */
export function writePlan(plan: Plan, title: string): string {
  const section = (key: string, items: readonly string[]): readonly string[] =>
    items.length === 0 ? [`${key}: []`, ''] : [`${key}:`, ...items.flatMap((item) => [item, ''])];
  const rest = [...planKeys(plan)].flatMap(({ key, value }) => (value === null ? [] : [`${key}:${value}`]));
  return `${[
    titleLine(title),
    ...HOW,
    'version: 1',
    `plan: ${plan.plan}`,
    ...policyLines(plan.policy),
    '',
    ...section(
      'decisions',
      plan.decisions.map((decision) => item(decisionKeys(decision, 4))),
    ),
    ...section(
      'actions',
      plan.actions.map((action) => item(actionKeys(action, 4))),
    ),
    ...rest,
    `approvals:${plan.approvals.length === 0 ? ' []' : plan.approvals.map((one) => `\n${item(approvalKeys(one))}`).join('')}`,
  ].join('\n')}\n`;
}

export const TITLE: RegExp = /^# desprawl plan · [^\r\n]*/;

export function titleLine(title: string): string {
  return `# desprawl plan · ${title.replace(/\s+/g, ' ')}`;
}

/** An item of a list in block style, its dash two columns in. */
export function item(keys: readonly WrittenKey[]): string {
  const lines = keys.flatMap(({ key, value }) => (value === null ? [] : [`${key}:${value}`]));
  return lines.map((line, i) => `${i === 0 ? '  - ' : '    '}${line}`).join('\n');
}

/** `indent`: of the keys. */
export function decisionKeys(decision: Decision, indent: number): readonly WrittenKey[] {
  const { id, question, evidence, choices, proposal, chosen } = decision;
  return [
    { key: 'decision', value: ` ${scalar(id)}` },
    { key: 'question', value: ` ${scalar(question)}` },
    { key: 'evidence', value: evidence.length === 0 ? null : listValue(evidence, indent) },
    { key: 'proposal', value: proposal === null ? null : ` ${scalar(proposal)}` },
    { key: 'choices', value: choiceLines(choices, indent) },
    { key: 'chosen', value: chosen === null ? '' : ` ${scalar(chosen)}` },
  ];
}

function choiceLines(choices: Decision['choices'], indent: number): string {
  return Object.entries(choices)
    .map(([choice, does]) => `\n${' '.repeat(indent + 2)}${scalar(choice)}: ${scalar(does)}`)
    .join('');
}

export function actionKeys(action: Action, indent: number): readonly WrittenKey[] {
  const values = action as unknown as Readonly<Record<string, unknown>>;
  const type = typeOf(action);
  const own = [...type.keys, ...ACTION_KEYS].map((spec) => {
    const value = written(spec, values[spec.name], indent, action);
    return { key: spec.name, value };
  });
  return [{ key: action.kind, value: ` ${scalar(action.subject)}` }, ...own];
}

function written({ name, type }: KeySpec, value: unknown, indent: number, action: Action): string | null {
  if (value === null || value === undefined || value === '' || value === false) return null;
  if (Array.isArray(value) && value.length === 0) return null;
  switch (type) {
    case 'content':
      return contentValue(value as string, indent);
    case 'number':
      return value === 1 ? null : ` ${value}`;
    case 'files':
      return typeof value === 'number' ? ` ${value}` : listValue(value as readonly string[], indent);
    case 'paths':
    case 'names':
    case 'texts':
      return listValue(value as readonly string[], indent);
    case 'left':
      return leftValue(value as readonly Left[], indent);
    case 'merge-tables':
      return tablesValue(action.kind === 'merge' ? action.tables : [], indent);
    case 'needs':
      return ` ${flowMap((value as readonly Need[]).map(({ decision, choices }) => [decision, choices]))}`;
    default: {
      if (action.kind === 'ignore' && name === 'file' && value === '.gitignore') return null;
      const comment = name === 'reason' && action.finding !== null ? `   # ${action.finding}` : '';
      return ` ${scalar(value as string)}${comment}`;
    }
  }
}

export function leftValue(left: readonly Left[], indent: number): string {
  return listValue(left.map(writeLeft), indent, true);
}

/** At least two spaces part the place from the reason: neither has them. */
export function writeLeft({ path, line, why }: Left): string {
  return `${path}${line === undefined ? '' : `:${line}`}   ${why}`;
}

/** Keys of the plan that are written as one value. */
export function planKeys(plan: Plan): readonly WrittenKey[] {
  const { left, checks, measures } = plan;
  return [
    { key: 'left', value: left.length === 0 ? null : leftValue(left, 0) },
    { key: 'checks', value: checks.length === 0 ? null : listValue(checks, 0) },
    { key: 'measures', value: measures.length === 0 ? null : listValue(measures, 0) },
  ];
}

function policyLines(policy: Policy): readonly string[] {
  const keys = policyKeys(policy).filter(({ value }) => value !== null);
  return keys.length === 0 ? [] : ['policy:', ...keys.map(({ key, value }) => `  ${key}:${value}`)];
}

export function policyKeys({ requireApproval, target, keep, docs }: Policy): readonly WrittenKey[] {
  return [
    { key: 'require-approval', value: requireApproval === undefined ? null : ` ${requireApproval}` },
    { key: 'target', value: target === undefined ? null : ` ${scalar(target)}` },
    { key: 'keep', value: keep === undefined ? null : listValue(keep, 2) },
    { key: 'docs', value: docs === undefined ? null : ` ${docs}` },
  ];
}

export function approvalKeys({ by, at, hash, code }: Approval): readonly WrittenKey[] {
  return [
    { key: 'by', value: ` ${scalar(by)}` },
    { key: 'at', value: ` ${scalar(at)}` },
    { key: 'hash', value: ` ${scalar(hash)}` },
    { key: 'code', value: ` ${scalar(code)}` },
  ];
}
