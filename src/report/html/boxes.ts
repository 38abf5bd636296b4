/** Boxes of the picture as text: readable one after the other, where the picture has no room to be drawn. */
import { count } from '../../audit/wording.ts';
import type { Anchors } from './anchors.ts';
import { accessWords } from './audited.ts';
import type { CodeBox, CodeRow } from './code-boxes.ts';
import type { Layout } from './layout.ts';
import { clipped, fitted, html, type Markup, NOTHING } from './markup.ts';
import type { StoreBox } from './store-boxes.ts';
import type { TwinBox } from './twin-boxes.ts';

export function codeBox(
  box: CodeBox | undefined,
  i: number,
  layout: Layout,
  anchors: Anchors,
  position: (box: StoreBox) => number,
): Markup | undefined {
  if (box === undefined) return undefined;
  const touches = [...new Set(box.rows.map(({ target }) => `s${position(target)}`))].join(' ');
  return html`<li class="box file" data-box="c${i}" data-with="${touches}" style="--top:${layout.code[i] ?? 0}">
<a class="name" href="#${anchors.code(box.files[0] ?? '')}">${fitted(box.name)}</a>${
    box.purpose === null ? NOTHING : html` <span class="chip">${box.purpose}</span>`
  }
<ul class="rows">${box.rows.map(codeRow)}</ul></li>
`;
}

const MOST_LINES = 3;

function codeRow({ lines, sites, target, access, confidence, contexts }: CodeRow): Markup {
  const shown = lines.length === 0 ? count(sites, 'line') : lines.slice(0, MOST_LINES).join(', ');
  const more = lines.length > MOST_LINES ? ` +${lines.length - MOST_LINES}` : '';
  const context =
    contexts.length === 0
      ? NOTHING
      : html`<span class="context">${clipped(contexts[0] ?? '')}${contexts.length > 1 ? ` +${contexts.length - 1}` : ''}</span>`;
  return html`<li class="row"><span class="what"><span class="lines">${shown}${more}</span> <span class="access">${accessWords(access)}</span> <span class="sure ${confidence}">${confidence}</span> <span class="target"><span class="to">to </span>${fitted(target.label)}</span></span>${context}</li>`;
}

interface Place {
  readonly key: number;
  readonly top: number;
}

export function storeBox(box: StoreBox, anchors: Anchors, place: Place | null): Markup {
  const [first] = box.stores;
  const [finding] = box.findings;
  const name = clipped(box.name);
  const placed = place === null ? NOTHING : html` data-box="s${place.key}" style="--top:${place.top}"`;
  const worst =
    box.worst === null || finding === undefined
      ? NOTHING
      : html`<a class="badge ${box.worst}" href="#${anchors.findings[finding] ?? 'findings'}">${box.worst}${
          box.findings.length > 1 ? html`<span class="more"> +${box.findings.length - 1}</span>` : NOTHING
        }<span class="unseen"> finding about ${name}</span></a>`;
  const label =
    first === undefined
      ? html`<a class="name" href="#code">${fitted(box.name)}</a>`
      : html`<a class="name" href="#${anchors.store(first)}">${fitted(box.name)}</a>`;
  return html`<li class="box store ${box.kind}${box.primary ? ' primary' : ''}"${placed}>
<div class="top">${label}${worst}</div>
<div class="where">${clipped(box.where)}</div>
<div class="facts">${box.primary ? html`<span class="chip">primary</span> ` : NOTHING}${box.facts}</div></li>
`;
}

export function twinBox(
  box: TwinBox | undefined,
  i: number,
  layout: Layout,
  anchors: Anchors,
  position: (box: StoreBox) => number,
): Markup | undefined {
  if (box === undefined) return undefined;
  const [a, b] = [box.a.stores[0], box.b.stores[0]];
  const href = box.a.kind === 'store' && box.b.kind === 'store' ? anchors.twins(a ?? '', b ?? '') : 'twins';
  return html`<li class="box twin ${box.kind}" data-box="t${i}" data-with="s${position(box.a)} s${position(box.b)}" style="--top:${layout.twins[i] ?? 0}">
<a class="title" href="#${href}">${side('', box.first, box.onlyFirst)}${side(`${box.verb} `, box.second, box.onlySecond)}</a>
<div class="side"><span class="counts">${box.counts}</span> <span class="tables">${box.tables === '' ? NOTHING : html`<span class="unseen">tables: </span>${clipped(box.tables, 120)}`}</span></div></li>
`;
}

function side(verb: string, name: string, only: string): Markup {
  return html`<span class="side"><span class="name"><span class="verb">${verb}</span>${fitted(name)}</span> <span class="only">${only}</span></span> `;
}
