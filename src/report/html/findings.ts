/** Each finding whole: message, places, evidence, what happens if it is left, what can be done. Readable without script. */
import type { Finding, Place, Severity } from '../../audit/model.ts';
import { count } from '../../audit/wording.ts';
import { commandLine } from '../page.ts';
import type { Anchors } from './anchors.ts';
import { type Audited, byText, SEVERITY_ORDER } from './audited.ts';
import { clipped, html, type Markup, NOTHING } from './markup.ts';

const TITLES: Readonly<Record<Severity, string>> = {
  critical: 'Critical',
  high: 'High',
  medium: 'Medium',
  low: 'Low',
  good: 'Well kept',
};

export function findingsSection({ findings }: Audited, anchors: Anchors): Markup {
  if (findings.length === 0) return NOTHING;
  const sections = SEVERITY_ORDER.map((severity) => {
    const own = findings.flatMap((finding, i) =>
      finding.severity === severity ? [article(finding, anchors.findings[i] ?? 'findings')] : [],
    );
    if (own.length === 0) return NOTHING;
    return html`<section class="severity" id="${severity}" aria-labelledby="${severity}-title">
<h3 id="${severity}-title">${TITLES[severity]} <span class="quiet">${own.length}</span></h3>
${own}</section>
`;
  });
  return html`<section id="findings" aria-labelledby="findings-title">
<h2 id="findings-title">Findings</h2>
${filter(findings)}
${sections}<p class="nothing" id="none-fit" hidden>No finding fits the filter.</p>
</section>
`;
}

/** Shown by the script, which is what makes it work. */
function filter(findings: readonly Finding[]): Markup {
  const severities = SEVERITY_ORDER.filter((severity) => findings.some((finding) => finding.severity === severity));
  const codes = [...new Set(findings.map(({ code }) => code))].sort(byText);
  return html`<form class="filter script" id="filter" role="search" aria-label="Findings" hidden>
<fieldset><legend>Severity</legend>${severities.map(
    (severity) =>
      html`<label><input type="checkbox" name="severity" value="${severity}" checked> ${TITLES[severity]}</label>`,
  )}</fieldset>
<label>Code <select name="code"><option value="">all</option>${codes.map(
    (code) => html`<option value="${code}">${clipped(code, 60)}</option>`,
  )}</select></label>
<label>Text <input type="search" name="text" autocomplete="off" spellcheck="false"></label>
<output id="shown" aria-live="polite">${count(findings.length, 'finding')}</output>
</form>`;
}

/** Longer evidence is folded after so many lines. */
const MOST_LINES = 6;

function article(finding: Finding, id: string): Markup {
  const { code, severity, confidence, message, at, evidence, consequence, action, command } = finding;
  return html`<article class="finding" id="${id}" data-severity="${severity}" data-code="${code}">
<p class="marks"><span class="badge ${severity}">${severity}</span> <code>${code}</code> <span class="quiet">${confidence}</span> <a class="anchor" href="#${id}" aria-label="Link to this finding">#</a></p>
<h4>${message}</h4>
${folded(
  at.map((place) => html`<code>${placeText(place)}</code>`),
  'places',
  'place',
)}${folded(
  evidence.map((line) => html`${line}`),
  'evidence',
  'line',
)}${severity === 'good' ? NOTHING : left(consequence, action, command)}
</article>
`;
}

function left(consequence: string, action: string, command: readonly string[] | undefined): Markup {
  return html`<dl>${described('If left', consequence)}${described('To do', action)}${
    command === undefined ? NOTHING : html`<div><dt>More</dt><dd><code>${commandLine(command)}</code></dd></div>`
  }</dl>`;
}

function described(term: string, text: string): Markup {
  return text === '' ? NOTHING : html`<div><dt>${term}</dt><dd>${text}</dd></div>`;
}

function folded(items: readonly Markup[], name: string, one: string): Markup {
  if (items.length === 0) return NOTHING;
  const lines = items.map((item) => html`<li>${item}</li>`);
  // Folding the last one or two would hide less than the line that unfolds them takes.
  const most = lines.length <= MOST_LINES + 2 ? lines.length : MOST_LINES;
  const rest = lines.slice(most);
  return html`<ul class="${name}">${lines.slice(0, most)}</ul>${
    rest.length === 0
      ? NOTHING
      : html`<details><summary>${count(rest.length, `more ${one}`)}</summary><ul class="${name}">${rest}</ul></details>`
  }
`;
}

export function placeText({ path, line }: Place): string {
  return line === undefined ? path : `${path}:${line}`;
}
