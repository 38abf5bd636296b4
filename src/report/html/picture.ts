/**
 * The picture: code at the left, stores in the middle, twins at the right, lines between them. Boxes are text in the page's own
 * order, so without the drawing (narrow screen, screen reader) the same boxes read one after the other.
 */
import { count } from '../../audit/wording.ts';
import type { Anchors } from './anchors.ts';
import type { Audited } from './audited.ts';
import { codeBox, storeBox, twinBox } from './boxes.ts';
import { type Drawing, drawingOf } from './drawing.ts';
import { type Layout, type Line, layOut } from './layout.ts';
import { legend } from './legend.ts';
import { html, type Markup, NOTHING } from './markup.ts';
import type { StoreBox } from './store-boxes.ts';

const GUTTERS = { code: 104, twins: 84 } as const;

export function picture(audit: Audited, anchors: Anchors): Markup {
  if (audit.stores.length === 0 && audit.bindings.length === 0) return NOTHING;
  const drawing = drawingOf(audit);
  const drawn = drawing.stores.length > 0;
  return html`<section id="picture" aria-labelledby="picture-title">
<h2 id="picture-title">The picture</h2>
<p class="lead">${introduction(audit)}${drawn ? html`<span class="script" hidden> Point at a box to see what it touches.</span>` : NOTHING}</p>
${drawn ? graph(drawing, anchors) : NOTHING}
${alone(audit, drawing, anchors)}
${notDrawn(drawing)}
</section>
`;
}

function introduction({ bindings, relations }: Audited): string {
  const lines = new Set(bindings.map(({ path, line }) => `${path}:${line}`)).size;
  const files = new Set(bindings.map(({ path }) => path)).size;
  const opened =
    bindings.length === 0
      ? 'No line of code was found that opens a store.'
      : `${count(lines, 'line')} of code in ${count(files, 'file')} ${lines === 1 ? 'opens' : 'open'} stores.`;
  const shared =
    relations.length === 0
      ? 'No two stores share a table.'
      : `${count(relations.length, 'pair')} of stores ${relations.length === 1 ? 'shares' : 'share'} tables.`;
  return `${opened} ${shared}`;
}

function graph(drawing: Drawing, anchors: Anchors): Markup {
  const layout = layOut(drawing);
  const { stores, code, twins } = drawing;
  const sides = [...(code.length > 0 ? ['with-code'] : []), ...(twins.length > 0 ? ['with-twins'] : [])].join(' ');
  const at = new Map(stores.map((box, i) => [box, i]));
  const position = (box: StoreBox): number => at.get(box) ?? 0;
  const column = (name: string, title: string, boxes: readonly (Markup | undefined)[]): Markup =>
    html`<div class="column ${name}"><h3>${title}</h3><ul class="boxes">${boxes.map((box) => box ?? NOTHING)}</ul></div>
`;
  return html`${legend(drawing)}
<div class="graph ${sides}" style="--height:${layout.height}">
${
  code.length === 0
    ? NOTHING
    : html`${column(
        'code',
        'Code',
        layout.order.code.map((i) => codeBox(code[i], i, layout, anchors, position)),
      )}${gutter('to-stores', GUTTERS.code, layout.height, codeLines(drawing, layout))}`
}${column(
  'stores',
  'Stores',
  layout.order.stores.map((i) => {
    const box = stores[i];
    return box === undefined ? undefined : storeBox(box, anchors, { key: i, top: layout.stores[i] ?? 0 });
  }),
)}${
  twins.length === 0
    ? NOTHING
    : html`${gutter('to-twins', GUTTERS.twins, layout.height, twinLines(drawing, layout))}${column(
        'twins',
        'Twins',
        layout.order.twins.map((i) => twinBox(twins[i], i, layout, anchors, position)),
      )}`
}</div>
`;
}

function gutter(name: string, width: number, height: number, lines: readonly Markup[]): Markup {
  return html`<svg class="gutter ${name}" viewBox="0 0 ${width} ${height}" aria-hidden="true" focusable="false">${lines}</svg>
`;
}

function codeLines({ code }: Drawing, { codeLines: lines }: Layout): readonly Markup[] {
  const width = GUTTERS.code;
  return lines.map((line) => {
    const row = code[line.from]?.rows[line.row];
    const access = row?.access ?? [];
    const [left, right] = [line.left, line.right];
    const kind = access.includes('write') || access.includes('ddl') ? 'writes' : 'reads';
    // What is read comes to the code, what is written goes to the store.
    const heads = [
      ...(access.includes('read') ? [html`<path class="head" d="M0,${left}l8,-4.5v9z"/>`] : []),
      ...(access.includes('write') ? [html`<path class="head" d="M${width},${right}l-8,-4.5v9z"/>`] : []),
      ...(access.includes('ddl') && !access.includes('write')
        ? [html`<path class="head" d="M${width},${right}l-6,-5l-6,5l6,5z"/>`]
        : []),
    ];
    return html`<g class="line ${kind} ${row?.confidence ?? 'unknown'}" data-a="c${line.from}" data-b="s${line.store}">${curve(line, width, 6)}${heads}</g>`;
  });
}

function twinLines({ twins }: Drawing, { twinLines: lines }: Layout): readonly Markup[] {
  return lines.map((line) => {
    const twin = twins[line.from];
    const style = `${twin?.kind ?? 'disjoint'} ${twin?.exact === false ? 'likely' : 'proven'}`;
    return html`<g class="line ${style}" data-a="t${line.from}" data-b="s${line.store}">${curve(line, GUTTERS.twins, 0)}</g>`;
  });
}

/** `room`: how much at both ends runs straight, for the heads of arrows. */
function curve({ left, right }: Line, width: number, room: number): Markup {
  const bend = width / 2;
  return html`<path d="M0,${left}h${room}C${bend},${left} ${width - bend},${right} ${width - room},${right}h${room}"/>`;
}

function alone(audit: Audited, { alone: boxes, stores }: Drawing, anchors: Anchors): Markup {
  if (boxes.length === 0) return NOTHING;
  const title =
    stores.length === 0
      ? 'Stores'
      : audit.bindings.length === 0
        ? 'Without a twin'
        : 'Opened by no code that was found';
  return html`<div class="alone"><h3>${title}</h3><ul class="boxes">${boxes.map((box) => storeBox(box, anchors, null))}</ul></div>
`;
}

function notDrawn({ left }: Drawing): Markup {
  const parts: Markup[] = [];
  if (left.stores > 0) parts.push(html`<a href="#stores">${count(left.stores, 'store')}</a>`);
  if (left.code > 0) parts.push(html`<a href="#code">${count(left.code, 'file')} of code</a>`);
  if (left.rows > 0) parts.push(html`<a href="#code">${count(left.rows, 'more line')} of files above</a>`);
  if (left.twins > 0) parts.push(html`<a href="#twins">${count(left.twins, 'pair')} of twins</a>`);
  if (parts.length === 0) return NOTHING;
  return html`<p class="not-drawn">Not drawn, and listed below: ${parts.map((part, i) => (i === 0 ? part : html`, ${part}`))}. The picture shows what is most involved.</p>
`;
}
