/** What the lines of the picture mean; only what it has. */
import type { Drawing } from './drawing.ts';
import { html, type Markup, NOTHING, trusted } from './markup.ts';

interface Entry {
  readonly style: string;
  readonly words: string;
  readonly head?: 'left' | 'right' | 'diamond';
}

const HEADS = {
  left: '<path class="head" d="M2,8l8,-4.5v9z"/>',
  right: '<path class="head" d="M38,8l-8,-4.5v9z"/>',
  diamond: '<path class="head" d="M38,8l-6,-5l-6,5l6,5z"/>',
} as const;

export function legend({ code, twins }: Drawing): Markup {
  const rows = code.flatMap((file) => file.rows);
  const kinds = new Set(twins.map(({ kind }) => kind));
  const entries: readonly (Entry | false)[] = [
    rows.some(({ access }) => access.includes('read')) && { style: 'reads proven', words: 'reads', head: 'left' },
    rows.some(({ access }) => access.includes('write')) && { style: 'writes proven', words: 'writes', head: 'right' },
    rows.some(({ access }) => access.includes('ddl') && !access.includes('write')) && {
      style: 'writes proven',
      words: 'DDL: makes or changes tables',
      head: 'diamond',
    },
    rows.some(({ confidence }) => confidence === 'likely') && { style: 'reads likely', words: 'likely' },
    rows.some(({ confidence }) => confidence === 'unknown') && { style: 'reads unknown', words: 'unknown' },
    kinds.has('diverged') && { style: 'diverged', words: 'twins that contradict or miss rows' },
    (kinds.has('copy') || kinds.has('subset') || kinds.has('superset')) && { style: 'copy', words: 'copy or part' },
    (kinds.has('older-generation') || kinds.has('newer-generation')) && {
      style: 'older-generation',
      words: 'generation',
    },
    kinds.has('disjoint') && { style: 'disjoint', words: 'same tables, no row in common' },
    twins.some(({ exact }) => !exact) && { style: 'copy likely', words: 'compared by sample' },
  ];
  const shown = entries.filter((entry) => entry !== false);
  if (shown.length === 0) return NOTHING;
  return html`<ul class="legend" aria-label="What the lines mean">${shown.map(
    ({ style, words, head }) =>
      html`<li><svg viewBox="0 0 40 16" aria-hidden="true" focusable="false"><g class="line ${style}"><path d="M2,8h36"/>${
        head === undefined ? NOTHING : trusted(HEADS[head])
      }</g></svg>${words}</li>`,
  )}</ul>`;
}
