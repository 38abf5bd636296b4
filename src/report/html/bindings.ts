/** Which line opens which store: for each file its lines, for each line what it opens in which context, and on what evidence. */
import { groupBy } from '../../audit/group-by.ts';
import { count } from '../../audit/wording.ts';
import type { Binding, Evidence, TableUse } from '../../bindings/model.ts';
import type { Anchors } from './anchors.ts';
import { type Audited, accessWords, byText } from './audited.ts';
import { html, type Markup, NOTHING } from './markup.ts';
import { targetWords } from './other-boxes.ts';
import { storesOf } from './store-boxes.ts';

/** A project can open stores in more places than anybody reads on one page. */
const MOST_BINDINGS = 1500;

export function bindingsSection(audit: Audited, anchors: Anchors): Markup {
  const { bindings } = audit;
  if (bindings.length === 0) return NOTHING;
  const sorted = [...bindings].sort((a, b) => byText(a.path, b.path) || a.line - b.line);
  const shown = sorted.slice(0, MOST_BINDINGS);
  const files = groupBy(shown, ({ path }) => path);
  const left = sorted.length - shown.length;
  return html`<section id="code" aria-labelledby="code-title">
<h2 id="code-title">Code that opens stores</h2>
${[...files].map(([path, own]) => file(path, own, audit, anchors))}
${left > 0 ? html`<p>${count(left, 'more line')}: <code>desprawl audit --json</code> lists them.</p>` : NOTHING}
</section>
`;
}

function file(path: string, bindings: readonly Binding[], audit: Audited, anchors: Anchors): Markup {
  const lines = groupBy(bindings, ({ line, spelling }) => JSON.stringify([line, spelling]));
  return html`<section class="source" id="${anchors.code(path)}">
<h3><code>${path}</code></h3>
${[...lines.values()].map((own) => site(own, audit, anchors))}</section>
`;
}

function site(bindings: readonly Binding[], audit: Audited, anchors: Anchors): Markup {
  const [first] = bindings;
  if (first === undefined) return NOTHING;
  return html`<div class="site">
<p class="spelling"><code class="place">${first.path}:${first.line}</code> <code>${first.spelling}</code>${
    first.purpose === 'application' ? NOTHING : html` <span class="chip">${first.purpose}</span>`
  }</p>
${bindings.map((binding) => context(binding, audit, anchors))}</div>
`;
}

function context(binding: Binding, audit: Audited, anchors: Anchors): Markup {
  const known = new Set(audit.stores.map(({ id }) => id));
  const ids = storesOf(binding).filter((id) => known.has(id));
  const opens =
    ids.length === 0
      ? html`<span>${targetWords(binding.target)}</span>`
      : html`${ids.map((id, i) => html`${i === 0 ? '' : ', '}<a href="#${anchors.store(id)}"><code>${id}</code></a>`)}`;
  const more = [
    listed(
      'Would change if',
      binding.changesIf.map((text) => html`${text}`),
    ),
    listed('Evidence', binding.evidence.map(evidence)),
    listed('Does there', binding.tables.map(use)),
  ];
  // An answer holds under its assumptions only, so they are not folded away.
  const assumed =
    binding.assumes.length === 0
      ? NOTHING
      : html` <span class="assumed">assumes: ${binding.assumes.map((text, i) => html`${i === 0 ? '' : '; '}${text}`)}</span>`;
  const summary = html`${opens} <span class="access">${accessWords(binding.access)}</span> <span class="sure ${binding.confidence}">${binding.confidence}</span> <span class="quiet">${binding.context}</span>${assumed}`;
  if (more.every(({ markup }) => markup === ''))
    return html`<div class="opens">${summary}</div>
`;
  return html`<details class="opens"><summary>${summary}</summary>
<dl>${more}</dl></details>
`;
}

function listed(term: string, items: readonly Markup[]): Markup {
  if (items.length === 0) return NOTHING;
  return html`<div><dt>${term}</dt>${items.map((item) => html`<dd>${item}</dd>`)}</div>`;
}

function evidence({ text, path, line }: Evidence): Markup {
  if (path === undefined) return html`${text}`;
  return html`${text} <code class="place">${line === undefined ? path : `${path}:${line}`}</code>`;
}

const USES: Readonly<Record<TableUse['access'], string>> = { read: 'reads', write: 'writes', ddl: 'changes' };

function use({ table, access, path, line }: TableUse): Markup {
  return html`${USES[access]} <code>${table}</code> <code class="place">${path}:${line}</code>`;
}
