/** The first screen of the page: how bad, what first, what is not verified. Who reads nothing else takes the right decision. */
import type { Finding } from '../../audit/model.ts';
import { count, list, size } from '../../audit/wording.ts';
import { commandLine } from '../page.ts';
import { verdict } from '../verdict.ts';
import type { Anchors } from './anchors.ts';
import { type Audited, SEVERITY_ORDER } from './audited.ts';
import { clipped, html, type Markup, NOTHING } from './markup.ts';

const MOST_FIRST = 5;

export function head(audit: Audited, anchors: Anchors): Markup {
  const { project, stores, findings, now } = audit;
  const bytes = stores.reduce((sum, store) => sum + store.bytes, 0);
  const commit = project.git?.head ? html`, commit <code>${project.git.head.slice(0, 12)}</code>` : NOTHING;
  const counts = SEVERITY_ORDER.map((severity) => ({
    severity,
    n: findings.filter((finding) => finding.severity === severity).length,
  }));
  return html`<header class="head">
<p class="kind">Audit of the data layer</p>
<h1>${clipped(project.name, 120)}</h1>
<p class="totals">${count(stores.length, 'store')}, ${size(bytes)} · ${count(project.files, 'file')}${commit} · <time datetime="${moment(now)}">${moment(now).slice(0, 16).replace('T', ' ')} UTC</time> · nothing was changed</p>
<p class="verdict">${verdict(audit)}</p>
<ul class="tally" aria-label="Findings by severity">${counts.map(({ severity, n }) => {
    const inner = html`<strong>${n}</strong> ${severity === 'good' ? 'well kept' : severity}`;
    return html`<li class="${severity}${n === 0 ? ' none' : ''}">${n === 0 ? html`<span>${inner}</span>` : html`<a href="#${severity}">${inner}</a>`}</li>`;
  })}</ul>
${sections(audit)}
</header>
<div class="overview">
${first(audit, anchors)}
${notVerified(audit)}
</div>
`;
}

function sections({ stores, findings, relations, bindings }: Audited): Markup {
  const links = [
    stores.length + bindings.length > 0 && (['picture', 'Picture'] as const),
    findings.length > 0 && (['findings', 'Findings'] as const),
    ['stores', 'Stores'] as const,
    relations.length > 0 && (['twins', 'Twins'] as const),
    bindings.length > 0 && (['code', 'Code'] as const),
  ].filter((link) => link !== false);
  return html`<nav class="sections" aria-label="Sections">${links.map(
    ([id, title]) => html`<a href="#${id}">${title}</a>`,
  )}</nav>`;
}

/** The worst finding of each kind: one of each says more than three of the same. */
function first({ findings }: Audited, anchors: Anchors): Markup {
  const kinds = new Map<string, { readonly finding: Finding; readonly i: number; n: number }>();
  for (const severity of SEVERITY_ORDER.slice(0, -1)) {
    for (const [i, finding] of findings.entries()) {
      if (finding.severity !== severity) continue;
      const known = kinds.get(finding.code);
      if (known === undefined) kinds.set(finding.code, { finding, i, n: 1 });
      else known.n++;
    }
  }
  if (kinds.size === 0) return html`<p class="nothing">Nothing to report.</p>`;
  const all = [...kinds.values()];
  const shown = all.slice(0, MOST_FIRST);
  const command = all.find(({ finding }) => finding.command !== undefined)?.finding.command;
  return html`<section class="first" aria-labelledby="first-title">
<h2 id="first-title">What to look at first</h2>
<ol>${shown.map(
    ({ finding, i, n }) =>
      html`<li><span class="badge ${finding.severity}">${finding.severity}</span> <a href="#${anchors.findings[i] ?? 'findings'}">${clipped(finding.message, 300)}</a>${
        n > 1 ? html` <span class="quiet">and ${n - 1} more ${clipped(finding.code, 40)}</span>` : NOTHING
      }</li>`,
  )}</ol>
${
  all.length > shown.length
    ? html`<p class="quiet">Also ${list(
        all.slice(MOST_FIRST).map(({ finding }) => clipped(finding.code, 40)),
        8,
      )}: <a href="#findings">all findings</a>.</p>`
    : NOTHING
}${command === undefined ? NOTHING : html`<p class="next">Next: <code>${commandLine(command)}</code></p>`}
</section>`;
}

const MOST_LISTED = 12;

/** Nothing is concluded from what could not be looked at, and nobody may take silence for an answer. */
function notVerified({ stores, notCompared, project }: Audited): Markup {
  const closed = stores.filter(({ status }) => status === 'not-verified');
  const items = [
    ...closed.map(
      ({ path, reason }) =>
        html`<code>${clipped(path)}</code>: ${clipped(reason?.message ?? reason?.code ?? 'unknown reason', 300)}`,
    ),
    ...notCompared.map(
      ({ a, b, why }) =>
        html`<code>${clipped(a)}</code> was not compared with <code>${clipped(b)}</code>: ${clipped(why, 300)}`,
    ),
    ...project.unreadable.map(
      ({ path, why }) => html`<code>${clipped(path || '.')}</code> could not be looked into: ${clipped(why, 300)}`,
    ),
  ].map((item) => html`<li>${item}</li>`);
  if (items.length === 0) return NOTHING;
  const what = [
    ...(closed.length > 0 ? [count(closed.length, 'store')] : []),
    ...(notCompared.length > 0 ? [`${count(notCompared.length, 'pair')} of stores`] : []),
    ...(project.unreadable.length > 0 ? [count(project.unreadable.length, 'place')] : []),
  ];
  return html`<section class="closed" aria-labelledby="closed-title">
<h2 id="closed-title">Not verified: ${list(what)}</h2>
<ul>${items.slice(0, MOST_LISTED)}</ul>
${
  items.length > MOST_LISTED
    ? html`<details><summary>${items.length - MOST_LISTED} more</summary><ul>${items.slice(MOST_LISTED)}</ul></details>`
    : NOTHING
}
</section>`;
}

/** To the second: the document names the same moment. */
function moment(now: number): string {
  return Number.isFinite(now) && Math.abs(now) <= 8.64e15 ? new Date(now).toISOString().replace(/\.\d+Z$/, 'Z') : '';
}
