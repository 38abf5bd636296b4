/** Names that statements of a module bind: each can be imported. */
import type { ExportFact } from '../facts.ts';
import type { Lines } from '../text-lines.ts';
import * as t from './tokens.ts';

/** First of each name counts. */
export class Exports {
  readonly found: ExportFact[] = [];
  private readonly names = new Set<string>();
  private readonly tokens: t.Tokens;
  private readonly lines: Lines;

  constructor(tokens: t.Tokens, lines: Lines) {
    this.tokens = tokens;
    this.lines = lines;
  }

  /** The name at index `at`. */
  add(at: number, kind: ExportFact['kind'], detail: { readonly async?: true; readonly stub?: true } = {}): void {
    const { data, text } = this.tokens;
    this.named(text.slice(data[at + 1], data[at + 2]), kind, data[at + 1] as number, data[at + 2] as number, detail);
  }

  named(
    name: string,
    kind: ExportFact['kind'],
    start: number,
    end: number,
    detail: { readonly async?: true; readonly stub?: true } = {},
  ): void {
    if (this.names.has(name)) {
      if (detail.stub) return;
      // `def f(): ...` in one branch and a real one in the other: not a stub.
      const earlier = this.found.findIndex((fact) => fact.name === name && fact.stub);
      if (earlier >= 0 && kind !== 'value' && kind !== 'reexport') {
        const { stub: _, ...rest } = this.found[earlier] as ExportFact;
        this.found[earlier] = rest;
      }
      return;
    }
    this.names.add(name);
    this.found.push({ name, kind, ...detail, at: [start, end, this.lines.lineAt(start)] });
  }
}

/** `a = b = …`, `a, (b, *c) = …`, `a: T`, `for a in`, `with x as a`: stands at the statement's first token. */
export function boundNames(tokens: t.Tokens, at: number, exports: Exports): void {
  const { data } = tokens;
  const kind = data[at];
  if (kind === t.FOR) {
    targets(tokens, at + t.STRIDE, t.IN, exports);
    return;
  }
  if (kind === t.WITH || kind === t.ASYNC) {
    withNames(tokens, at, exports);
    return;
  }
  for (let from = at; from >= 0; ) from = targetList(tokens, from, exports);
}

/** Reads targets up to `=` and gives the index behind it; -1 where there is no (further) assignment. */
function targetList(tokens: t.Tokens, from: number, exports: Exports): number {
  const { data } = tokens;
  let at = from;
  for (; ; at += t.STRIDE) {
    const kind = data[at];
    if (kind === t.ASSIGN || (kind === t.COLON && at === from + t.STRIDE)) break;
    if (kind === t.NAME) {
      const after = data[at + t.STRIDE];
      if (after === t.DOT || after === t.OPEN_ROUND || after === t.OPEN_SQUARE) return -1;
    } else if (kind !== t.COMMA && kind !== t.STAR && kind !== t.OPEN_ROUND && kind !== t.CLOSE_ROUND) {
      if (kind !== t.OPEN_SQUARE && kind !== t.CLOSE_SQUARE) return -1;
    }
  }
  for (let name = from; name < at; name += t.STRIDE) if (data[name] === t.NAME) exports.add(name, 'value');
  return data[at] === t.COLON ? -1 : at + t.STRIDE;
}

function targets({ data }: t.Tokens, from: number, until: number, exports: Exports): void {
  for (let at = from; data[at] !== until && data[at] !== t.NEWLINE && data[at] !== t.END; at += t.STRIDE) {
    if (data[at] === t.NAME && data[at + t.STRIDE] !== t.DOT && data[at - t.STRIDE] !== t.DOT) exports.add(at, 'value');
  }
}

function withNames({ data }: t.Tokens, from: number, exports: Exports): void {
  for (let at = from; data[at] !== t.NEWLINE && data[at] !== t.END; at += t.STRIDE) {
    if (data[at] === t.AS && data[at + t.STRIDE] === t.NAME) exports.add(at + t.STRIDE, 'value');
  }
}

/** Names that `__all__` lists; some of them may be made in ways that nothing here sees. */
export function namesInAll({ data, text }: t.Tokens, from: number, exports: Exports): void {
  for (let at = from; data[at] !== t.NEWLINE && data[at] !== t.END; at += t.STRIDE) {
    if (data[at] !== t.STRING) continue;
    const start = data[at + 1] as number;
    const end = data[at + 2] as number;
    const name = text.slice(start, end).replace(/^\w*(['"]+)([\s\S]*)\1$/, '$2');
    if (/^[^\W\d]\w*$/.test(name)) exports.named(name, 'reexport', start, end);
  }
}
