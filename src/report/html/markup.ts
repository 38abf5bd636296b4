/**
 * Markup that is escaped unless it says otherwise: a name out of a file can be `</script>`, and no place of the page has to
 * remember that. Control characters and marks that reorder text are shown, not obeyed.
 */
import { printable } from '../printable.ts';

/** Text that is markup already; made by `html` only. */
export interface Markup {
  readonly markup: string;
}

type Part = Markup | string | number | readonly (Markup | string)[] | undefined;

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Every interpolated string is text, within elements as within quoted attributes; `undefined` is nothing. */
export function html(strings: TemplateStringsArray, ...parts: readonly Part[]): Markup {
  let markup = strings[0] ?? '';
  for (const [i, part] of parts.entries()) markup += written(part) + (strings[i + 1] ?? '');
  return { markup };
}

/** For texts that this program wrote itself: style, script. */
export function trusted(markup: string): Markup {
  return { markup };
}

export const NOTHING: Markup = { markup: '' };

function written(part: Part): string {
  if (part === undefined) return '';
  if (typeof part === 'number') return String(part);
  if (typeof part === 'string') return escaped(part);
  return 'markup' in part ? part.markup : part.map(written).join('');
}

function escaped(text: string): string {
  return printable(text)
    .replaceAll('\u061c', '\\u{61c}')
    .replace(/[&<>"']/g, (mark) => ENTITIES[mark] ?? mark);
}

/** A name that may be longer than a page is wide: the middle gives way. In places that repeat what is written elsewhere in full. */
export function clipped(name: string, most = 160): string {
  if (name.length <= most) return name;
  const ends = Math.floor((most - 1) / 2);
  return `${name.slice(0, ends)}…${name.slice(-ends)}`;
}

/** Ends of names tell more than their middles: of what does not fit, the style cuts the head and keeps the tail. */
export function fitted(name: string): Markup {
  const text = clipped(name);
  const file = text.slice(text.lastIndexOf('/') + 1);
  const tail = text.includes('/') && file.length <= 24 ? file.length : 10;
  // Words are cut at their end; splitting a name of another script could change its shape, or its direction.
  if (text.length <= tail + 4 || !/^[!-~]*$/.test(text)) return html`<span class="cut">${text}</span>`;
  return html`<span class="cut">${text.slice(0, -tail)}</span><span class="tail">${text.slice(-tail)}</span>`;
}
