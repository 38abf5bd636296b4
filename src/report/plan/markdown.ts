/** A plan as Markdown, for a pull request or an issue: what changes, the structure now and after, decisions, actions with their reasons. */
import { count, size } from '../../audit/wording.ts';
import { typeOf } from '../../plan/actions/index.ts';
import { inWords } from '../../plan/estimate.ts';
import type { Decision } from '../../plan/model.ts';
import { code, mdTable, text } from '../markdown-text.ts';
import { treeText } from './tree-text.ts';
import { type ActionView, othersInWords, type PlanView, totalsInWords } from './view.ts';

export function planToMarkdown(view: PlanView): string {
  const { plan, actions, decisions, left } = view;
  const open = decisions.filter(({ chosen }) => chosen === null).length;
  return `${[
    `# Plan for ${text(view.project)}`,
    `${code(plan.plan)}: ${count(actions.length, 'action')}, ${count(decisions.length, 'decision')} (${open} open). ${sums(view)} Everything can go back.`,
    ...(decisions.length === 0 ? [] : ['## Decisions', ...decisions.map(section)]),
    ...(actions.length === 0 ? ['Nothing is proposed.'] : ['## Actions', table(actions), ...actions.map(details)]),
    ...structure(view),
    ...(left.length === 0
      ? []
      : [
          '## Left alone',
          left
            .map(({ path, line, why }) => `- ${code(line === undefined ? path : `${path}:${line}`)}: ${text(why)}`)
            .join('\n'),
        ]),
    ...(view.others.length === 0 ? [] : [`No action settles ${text(othersInWords(view, 99))}.`]),
    `Plan ${code(view.hash.slice(0, 12))}, code ${code(view.code.slice(0, 12))}.`,
  ].join('\n\n')}\n`;
}

function sums({ totals, withProposals }: PlanView): string {
  const say = (of: PlanView['totals']): string =>
    `${totalsInWords(of)}; ${size(of.bytes.freed)} freed, ${size(of.bytes.vault)} kept in the vault, about ${inWords(of.seconds)}`;
  const now = totals.actions === 0 ? 'Nothing would be applied now' : `Now ${say(totals)}`;
  return withProposals.actions > totals.actions ? `${now}. With the proposals ${say(withProposals)}.` : `${now}.`;
}

function section({ id, question, evidence, choices, proposal, chosen }: Decision): string {
  const lines = Object.entries(choices).map(([choice, does]) => {
    const note = chosen === choice ? ' **(chosen)**' : chosen === null && proposal === choice ? ' *(proposed)*' : '';
    return `- [${chosen === choice ? 'x' : ' '}] ${code(choice)}: ${text(does)}${note}`;
  });
  const places = evidence.length === 0 ? '' : `\n\n${evidence.map((one) => `> ${text(one)}`).join('  \n')}`;
  return `### ${text(question)}\n\n${code(id)}${places}\n\n${lines.join('\n')}`;
}

function table(actions: readonly ActionView[]): string {
  const rows = actions.map(({ action, is, locked }) => [
    typeOf(action).mark,
    action.kind,
    code(action.subject),
    is === 'ready' ? (action.phase > 1 ? `phase ${action.phase}` : '') : is,
    locked === null || locked.bytes.freed === 0 ? '' : size(locked.bytes.freed),
    action.risk,
  ]);
  return mdTable(['', 'action', 'of', 'state', 'frees', 'risk'], rows, [4]);
}

function details({ action, is, why, locked }: ActionView): string {
  const places = locked?.left ?? [];
  const lines = [
    text(action.reason === '' ? 'No reason is given.' : action.reason),
    ...(why === null ? [] : [`${is}: ${text(why)}`]),
    ...action.risks.map((risk) => `Risk: ${text(risk)}`),
    ...(action.references === null ? [] : [`Edits ${text(action.references)}`]),
    ...(action.except.length === 0 ? [] : [`Stays: ${action.except.map(code).join(', ')}`]),
    ...places.map(
      ({ path, line, why: reason }) =>
        `Not edited: ${code(line === undefined ? path : `${path}:${line}`)}, ${text(reason)}`,
    ),
    ...(action.undo === '' ? [] : [`Undo: ${text(action.undo)}. Takes ${text(action.takes)}`]),
    ...(action.owner === undefined ? [] : [`Owner: ${text(action.owner)}`]),
    ...(action.due === undefined ? [] : [`Due: ${action.due}`]),
  ];
  return `### ${action.kind} ${code(typeOf(action).describe(action))}\n\n${lines.map((line) => `- ${line}`).join('\n')}`;
}

function structure({ structure: { now, after } }: PlanView): readonly string[] {
  if (now.length === 0 && after.length === 0) return [];
  return [
    '## Structure now and after',
    `Now:\n\n\`\`\`text\n${treeText(now)}\n\`\`\``,
    `After, with the proposals:\n\n\`\`\`text\n${treeText(after)}\n\`\`\``,
  ];
}
