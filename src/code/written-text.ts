/**
 * A text that was read out of another one (a JSON string, a YAML block, a Make recipe), every unit of which still knows
 * where it stood in the file: a script is parsed as the shell sees it and its facts point to what a person wrote.
 */
import type { Span } from './facts.ts';
import type { Lines } from './text-lines.ts';

export interface WrittenText {
  readonly text: string;
  /** Where the units `start` to `end` stand in the file. */
  span(start: number, end: number): Span;
}

/** `text` stands for the file's units `from` to `to`; unit for unit where both are of one length. */
export interface Piece {
  readonly text: string;
  readonly from: number;
  readonly to: number;
}

/** Pieces in order, none overlapping; what lies between two of them in the file is left out. */
export function writtenText(pieces: readonly Piece[], lines: Lines): WrittenText {
  const starts: number[] = [];
  let length = 0;
  for (const piece of pieces) {
    starts.push(length);
    length += piece.text.length;
  }
  const pieceAt = (index: number): number => {
    let low = 0;
    let high = starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((starts[middle] as number) <= index) low = middle;
      else high = middle - 1;
    }
    return low;
  };
  const same = (piece: Piece): boolean => piece.text.length === piece.to - piece.from;
  return {
    text: pieces.length === 1 ? (pieces[0] as Piece).text : pieces.map((piece) => piece.text).join(''),
    span(start, end) {
      if (pieces.length === 0) return [0, 0, 1];
      const first = pieceAt(start);
      const head = pieces[first] as Piece;
      const from = same(head) ? Math.min(head.from + start - (starts[first] as number), head.to) : head.from;
      if (end <= start) return [from, from, lines.lineAt(from)];
      const last = pieceAt(end - 1);
      const tail = pieces[last] as Piece;
      const to = same(tail) ? Math.min(tail.from + end - (starts[last] as number), tail.to) : tail.to;
      return [from, to, lines.lineAt(from)];
    },
  };
}

/** The file's own units `from` to `to`. */
export function asWritten(source: string, from: number, to: number, lines: Lines): WrittenText {
  return writtenText([{ text: source.slice(from, to), from, to }], lines);
}

/** Part of a written text. */
export function partOf(whole: WrittenText, from: number, to: number): WrittenText {
  return { text: whole.text.slice(from, to), span: (start, end) => whole.span(from + start, from + end) };
}

/** Written texts and what joins them, which stands nowhere, as one. */
export function joined(parts: readonly (WrittenText | string)[]): WrittenText {
  const starts: number[] = [];
  let text = '';
  for (const part of parts) {
    starts.push(text.length);
    text += typeof part === 'string' ? part : part.text;
  }
  /** The end of `index` on its side of the file: the nearest part that stands there. */
  const edge = (index: number, forward: boolean): number => {
    let at = starts.findLastIndex((start) => start <= index);
    let inside = index - (starts[at] ?? 0);
    const step = forward ? 1 : -1;
    while (at >= 0 && at < parts.length) {
      const part = parts[at] as WrittenText | string;
      if (typeof part !== 'string' && part.text !== '') {
        const unit = Math.min(inside, part.text.length - 1);
        return forward ? part.span(unit, unit + 1)[0] : part.span(unit, unit + 1)[1];
      }
      at += step;
      inside = forward ? 0 : Number.MAX_SAFE_INTEGER;
    }
    return -1;
  };
  const lineOf = (index: number): number => {
    const at = Math.max(
      starts.findLastIndex((start) => start <= index),
      0,
    );
    const near =
      parts.slice(at).find((part) => typeof part !== 'string') ?? parts.find((part) => typeof part !== 'string');
    if (near === undefined || typeof near === 'string') return 1;
    const inside = typeof parts[at] === 'string' ? 0 : index - (starts[at] as number);
    return near.span(inside, inside)[2];
  };
  return {
    text,
    span(start, end) {
      const from = edge(start, true);
      const to = end > start ? edge(end - 1, false) : from;
      if (from === -1 || to === -1) return [0, 0, 1];
      return [from, Math.max(from, to), lineOf(start)];
    },
  };
}
