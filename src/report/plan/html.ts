/** A plan as one page that needs nothing else: the structure now and after side by side, decisions, actions. Usable on a telephone. */
import { count, size } from '../../audit/wording.ts';
import { typeOf } from '../../plan/actions/index.ts';
import { inWords } from '../../plan/estimate.ts';
import type { Decision } from '../../plan/model.ts';
import { html, type Markup, NOTHING, trusted } from '../html/markup.ts';
import { STYLE } from '../html/style.ts';
import type { TreeLine } from './structure.ts';
import { treeText } from './tree-text.ts';
import { type ActionView, othersInWords, type PlanView, totalsInWords } from './view.ts';

const OWN_STYLE = `
.trees{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(22rem,100%),1fr));gap:1rem}
.trees pre{margin:0;padding:1rem;background:var(--panel);border:1px solid var(--line);border-radius:.5rem;overflow:auto;font-size:.8125rem;line-height:1.5}
.item{background:var(--panel);border:1px solid var(--line);border-radius:.5rem;padding:.875rem 1rem;margin:.75rem 0}
.item ul{list-style:disc;padding-left:1.25rem;margin-top:.5rem}
.tag{font-size:.8125rem;border:1px solid var(--line);border-radius:1rem;padding:0 .5rem;margin-left:.25rem;color:var(--soft)}
.tag.high{background:var(--high);color:var(--on-high);border-color:transparent}
.tag.medium{background:var(--medium);color:var(--on-medium);border-color:transparent}
`;

export const HTML_PLAN_MARK = '<!doctype html><!-- desprawl plan -->';

export function planToHtml(view: PlanView): string {
  const { project, plan, decisions, actions, left } = view;
  const open = decisions.filter(({ chosen }) => chosen === null).length;
  const page = html`
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<title>Plan for ${project}</title><style>${trusted(STYLE + OWN_STYLE)}</style></head>
<body><main class="page">
<h1>Plan for ${project}</h1>
<p class="lead"><code>${plan.plan}</code> · ${count(actions.length, 'action')} · ${count(decisions.length, 'decision')} (${open} open)</p>
<p>${sums(view)} Everything can go back.</p>
${decisions.length === 0 ? NOTHING : html`<h2 id="decisions">Decisions</h2>${decisions.map(decisionItem)}`}
<h2 id="actions">Actions</h2>
${actions.length === 0 ? html`<p>Nothing is proposed.</p>` : actions.map(actionItem)}
${trees(view)}
${left.length === 0 ? NOTHING : html`<h2 id="left">Left alone</h2><ul>${left.map(({ path, line, why }) => html`<li><code>${line === undefined ? path : `${path}:${line}`}</code> ${why}</li>`)}</ul>`}
${view.others.length === 0 ? NOTHING : html`<p>No action settles ${othersInWords(view, 99)}.</p>`}
<p class="quiet">Plan <code>${view.hash.slice(0, 12)}</code>, code <code>${view.code.slice(0, 12)}</code></p>
</main></body></html>
`;
  return `${HTML_PLAN_MARK}${page.markup}`;
}

function sums({ totals, withProposals }: PlanView): string {
  const say = (of: PlanView['totals']): string =>
    `${totalsInWords(of)}; ${size(of.bytes.freed)} freed, ${size(of.bytes.vault)} kept in the vault, about ${inWords(of.seconds)}`;
  const now = totals.actions === 0 ? 'Nothing would be applied now' : `Now ${say(totals)}`;
  return withProposals.actions > totals.actions ? `${now}. With the proposals ${say(withProposals)}.` : `${now}.`;
}

function decisionItem({ id, question, evidence, choices, proposal, chosen }: Decision): Markup {
  const lines = Object.entries(choices).map(([choice, does]) => {
    const note = chosen === choice ? 'chosen' : chosen === null && proposal === choice ? 'proposed' : '';
    return html`<li><code>${choice}</code> ${does}${note === '' ? NOTHING : html` <span class="tag">${note}</span>`}</li>`;
  });
  return html`<section class="item" id="decision-${id}"><h3>${question}</h3>
${evidence.length === 0 ? NOTHING : html`<ul class="quiet">${evidence.map((line) => html`<li>${line}</li>`)}</ul>`}<ul>${lines}</ul></section>
`;
}

function actionItem({ action, is, why, locked }: ActionView): Markup {
  const facts = [
    ...action.risks.map((risk) => `Risk: ${risk}`),
    ...(action.references === null ? [] : [`Edits ${action.references}`]),
    ...(action.except.length === 0 ? [] : [`Stays: ${action.except.join(', ')}`]),
    ...(locked?.left ?? []).map(
      ({ path, line, why: reason }) => `Not edited: ${path}${line === undefined ? '' : `:${line}`}, ${reason}`,
    ),
    ...(action.undo === '' ? [] : [`Undo: ${action.undo}. Takes ${action.takes}`]),
    ...(action.owner === undefined ? [] : [`Owner: ${action.owner}`]),
    ...(action.due === undefined ? [] : [`Due: ${action.due}`]),
  ];
  const state = is === 'ready' ? NOTHING : html`<span class="tag">${is}${why === null ? '' : `: ${why}`}</span>`;
  return html`<section class="item" id="action-${action.id}"><h3>${typeOf(action).mark} ${action.kind} <code>${typeOf(action).describe(action)}</code>
<span class="tag ${action.risk}">risk ${action.risk}</span>${action.phase > 1 ? html`<span class="tag">phase ${action.phase}</span>` : NOTHING}${state}</h3>
<p>${action.reason}</p><ul>${facts.map((fact) => html`<li>${fact}</li>`)}</ul></section>
`;
}

function trees({ structure: { now, after } }: PlanView): Markup {
  if (now.length === 0 && after.length === 0) return NOTHING;
  const one = (title: string, lines: readonly TreeLine[]): Markup =>
    html`<section><h3>${title}</h3><pre tabindex="0">${treeMarkup(lines)}</pre></section>`;
  return html`<h2 id="structure">Structure now and after</h2><div class="trees">${one('Now', now)}${one('After, with the proposals', after)}</div>
`;
}

/** Names are shown by `treeText` already; the line breaks between them are ours. */
function treeMarkup(lines: readonly TreeLine[]): Markup {
  return trusted(treeText(lines).replaceAll('&', '&amp;').replaceAll('<', '&lt;'));
}
