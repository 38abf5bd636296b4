/** The lists below the findings: every store, every two stores that share tables, what was not looked into. */
import { count, day, size } from '../../audit/wording.ts';
import type { Store } from '../../stores/model.ts';
import { standingOf } from '../standing-of.ts';
import { rowsOf } from '../terminal.ts';
import { verdict } from '../verdict.ts';
import type { Anchors } from './anchors.ts';
import type { Audited } from './audited.ts';
import { html, type Markup, NOTHING } from './markup.ts';
import { figure, kindWords, oriented, tableNames, twinCounts } from './twin-words.ts';

interface Column {
  readonly title: string;
  readonly number?: true;
}

interface Row {
  readonly id: string;
  readonly cells: readonly (Markup | string)[];
}

/**
 * A narrow screen shows each row as a card; roles are said because a table laid out otherwise is none to a screen reader. The first cell
 * is the head of its row.
 */
function table(caption: Markup | string, columns: readonly Column[], rows: readonly Row[]): Markup {
  const css = (i: number): string => (columns[i]?.number ? 'number' : 'text');
  return html`<table role="table">
<caption>${caption}</caption>
<thead role="rowgroup"><tr role="row">${columns.map(
    ({ title }, i) => html`<th role="columnheader" scope="col" class="${css(i)}">${title}</th>`,
  )}</tr></thead>
<tbody role="rowgroup">${rows.map(
    ({ id, cells }) =>
      html`<tr role="row" id="${id}">${cells.map((cell, i) =>
        i === 0
          ? html`<th role="rowheader" scope="row">${cell}</th>`
          : html`<td role="cell" class="${css(i)}" data-title="${columns[i]?.title ?? ''}">${cell}</td>`,
      )}</tr>
`,
  )}</tbody>
</table>`;
}

export function storesSection(audit: Audited, anchors: Anchors): Markup {
  const { stores } = audit;
  if (stores.length === 0) {
    return html`<section id="stores"><h2>Stores</h2><p>${verdict(audit)}</p></section>
`;
  }
  const rows = stores.map((store) => {
    const read = store.status === 'verified';
    return {
      id: anchors.store(store.id),
      cells: [
        html`<code>${store.path}</code>`,
        store.kind === 'unknown' ? '?' : store.kind,
        read ? tablesOf(store) : '',
        read ? figure(rowsOf(store)) : '',
        size(store.bytes),
        store.freshness === undefined ? '' : day(store.freshness.at),
        store.git,
        standingOf(store, audit) || 'in use',
      ],
    };
  });
  return html`<section id="stores" aria-labelledby="stores-title">
<h2 id="stores-title">Stores</h2>
${table(
  `${count(stores.length, 'store')}; what could not be read is not verified, never empty`,
  [
    { title: 'path' },
    { title: 'kind' },
    { title: 'tables', number: true },
    { title: 'rows', number: true },
    { title: 'size', number: true },
    { title: 'newest row' },
    { title: 'git' },
    { title: 'what it is' },
  ],
  rows,
)}
</section>
`;
}

function tablesOf({ tables }: Store): string {
  return figure(tables.filter(({ kind }) => kind === 'table').length);
}

/** A project of many equal stores has a pair for each two of them. */
const MOST_PAIRS = 500;

export function twinsSection(audit: Audited, anchors: Anchors): Markup {
  const { relations } = audit;
  if (relations.length === 0) return NOTHING;
  const rows = relations.slice(0, MOST_PAIRS).map((found) => {
    const relation = oriented(found, audit);
    const { same, onlyA, onlyB, differ } = twinCounts(relation);
    const sampled = relation.exact ? NOTHING : html` <span class="quiet">(by sample)</span>`;
    return {
      id: anchors.twins(found.a, found.b),
      cells: [
        html`<code>${relation.a}</code>`,
        html`${kindWords(relation.kind)} <code>${relation.b}</code>${relation.byteEqual ? ', the same bytes' : ''}${sampled}`,
        figure(same),
        figure(onlyA),
        figure(onlyB),
        figure(differ),
        relation.tables.length === 0 ? '' : tablesOfPair(relation),
      ],
    };
  });
  const left = relations.length - rows.length;
  return html`<section id="twins" aria-labelledby="twins-title">
<h2 id="twins-title">Twins</h2>
${table(
  'Stores that share tables: rows found in both, in one of them only, and in both with other values',
  [
    { title: 'store' },
    { title: 'is a' },
    { title: 'same', number: true },
    { title: 'only in it', number: true },
    { title: 'only in the other', number: true },
    { title: 'differ', number: true },
    { title: 'tables' },
  ],
  rows,
)}
${left > 0 ? html`<p>${count(left, 'more pair')}: <code>desprawl audit --json</code> lists them.</p>` : NOTHING}
</section>
`;
}

function tablesOfPair(relation: Audited['relations'][number]): Markup {
  const names = tableNames(relation);
  const [only] = names;
  if (names.length === 1) return html`<code>${only ?? ''}</code>`;
  return html`<details><summary>${count(names.length, 'table')}</summary><ul>${relation.tables.map(
    (one, i) =>
      html`<li><code>${names[i] ?? ''}</code>: same ${figure(one.same)} · only in it ${figure(one.onlyA)} · only in the other ${figure(one.onlyB)} · differ ${figure(one.conflicting)}</li>`,
  )}</ul></details>`;
}

export function otherSection({ lookalikes, families, project }: Audited): Markup {
  const block = (title: string, items: readonly Markup[]): Markup =>
    items.length === 0
      ? NOTHING
      : html`<details><summary>${title}: ${items.length}</summary><ul>${items.map((item) => html`<li>${item}</li>`)}</ul></details>
`;
  const blocks = [
    block(
      'Many files of one shape',
      families.map(
        ({ folder, pattern, files, bytes }) =>
          html`<code>${folder === '' ? pattern : `${folder}/${pattern}`}</code>: ${count(files, 'file')}, ${size(bytes)}`,
      ),
    ),
    block(
      'Named like a store, and none',
      lookalikes.map(({ path, is, bytes }) => html`<code>${path}</code>: ${is}${bytes > 0 ? `, ${size(bytes)}` : ''}`),
    ),
    block(
      'Folders not searched',
      project.skipped.map(({ path, why, files }) => html`<code>${path}</code>: ${why}, ${count(files, 'file')}`),
    ),
  ];
  if (blocks.every(({ markup }) => markup === '')) return NOTHING;
  return html`<section id="other" aria-labelledby="other-title">
<h2 id="other-title">Not stores</h2>
${blocks}</section>
`;
}
