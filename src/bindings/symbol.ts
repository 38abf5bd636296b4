/**
 * A path or URL as the code builds it, before it is known where the code runs: variables of the environment, the working
 * directory and the place of the source files stay symbols. One symbol serves every context (`settle.ts`).
 */

/** Where a piece of it was written. */
export interface Source {
  readonly path: string;
  readonly line: number;
  /** As written, one line, for the chain of evidence. */
  readonly text: string;
}

/** What is done to strings; how exactly, `path-functions.ts` says for each language. */
export type Operation =
  | 'concat'
  | 'python-join'
  | 'python-dirname'
  | 'python-basename'
  | 'python-abspath'
  | 'python-normpath'
  | 'python-expanduser'
  | 'pathlib'
  | 'pathlib-parent'
  | 'pathlib-resolve'
  | 'pathlib-absolute'
  | 'pathlib-as-uri'
  | 'pathlib-expanduser'
  | 'with-name'
  | 'with-suffix'
  | 'stem'
  | 'suffix'
  | 'node-join'
  | 'node-resolve'
  | 'node-dirname'
  | 'node-basename'
  | 'node-normalize'
  | 'node-extname'
  | 'php-dirname'
  | 'php-realpath'
  | 'file-url'
  | 'from-file-url'
  | 'url-resolve'
  | 'replace'
  | 'replace-first'
  | 'remove-prefix'
  | 'remove-suffix'
  | 'strip'
  | 'lower'
  | 'upper';

/** A literal of a file: the span of its quotes and what it stands for. */
export interface Literal {
  readonly file: string;
  readonly start: number;
  readonly end: number;
  readonly value: string;
}

/** So many units of a text, in order: from unit `from` of a literal, or from nowhere that is known. */
export interface TextPiece {
  readonly length: number;
  readonly literal?: Literal;
  readonly from?: number;
}

export type Symbolic =
  /** `at`: where it was written, if the evaluator was asked to remember; it says nothing about what the text means. */
  | { readonly s: 'text'; readonly v: string; readonly at?: readonly TextPiece[] }
  /** A variable of the environment; nothing where it is not set. */
  | { readonly s: 'env'; readonly name: string; readonly source: Source }
  /** `a`, unless it is nothing (or, not `nullish`, empty): then `b`. */
  | { readonly s: 'or'; readonly a: Symbolic; readonly b: Symbolic; readonly nullish?: true }
  /** A condition that is not decided here. */
  | { readonly s: 'either'; readonly of: readonly { readonly value: Symbolic; readonly when: string }[] }
  | { readonly s: 'apply'; readonly op: Operation; readonly of: readonly Symbolic[] }
  /** The absolute path of a file of the project. */
  | { readonly s: 'place'; readonly file: string }
  | { readonly s: 'cwd' }
  | { readonly s: 'home' }
  | { readonly s: 'temp' }
  /** Part of a name that only the running program knows. */
  | { readonly s: 'hole'; readonly why: string }
  | { readonly s: 'nothing' }
  /** `value`, written there. */
  | { readonly s: 'from'; readonly value: Symbolic; readonly source: Source };

export const text = (v: string): Symbolic => ({ s: 'text', v });
export const hole = (why: string): Symbolic => ({ s: 'hole', why });

/** Text and text is text at once: most strings never become a tree. */
export function apply(op: Operation, ...of: readonly Symbolic[]): Symbolic {
  if (op === 'concat') {
    const parts: Symbolic[] = [];
    for (const part of of) {
      const last = parts.at(-1);
      if (part.s === 'text' && last?.s === 'text') parts[parts.length - 1] = joinedText(last, part);
      else parts.push(part);
    }
    if (parts.length === 0) return text('');
    if (parts.length === 1) return parts[0] as Symbolic;
    return { s: 'apply', op, of: parts };
  }
  return { s: 'apply', op, of };
}

type Text = Symbolic & { readonly s: 'text' };

export const piecesOf = ({ v, at }: Text): readonly TextPiece[] => at ?? [{ length: v.length }];

function joinedText(a: Text, b: Text): Text {
  const v = a.v + b.v;
  return a.at === undefined && b.at === undefined
    ? { s: 'text', v }
    : { s: 'text', v, at: [...piecesOf(a), ...piecesOf(b)] };
}

/** Units `from` to `to` of a text, which know where they were written if it does. */
export function partOfText(whole: Text, from: number, to: number): Symbolic {
  const v = whole.v.slice(from, to);
  if (whole.at === undefined) return text(v);
  const at: TextPiece[] = [];
  let start = 0;
  for (const piece of whole.at) {
    const [first, last] = [Math.max(from, start), Math.min(to, start + piece.length)];
    if (first < last)
      at.push({
        length: last - first,
        ...(piece.literal === undefined ? {} : { literal: piece.literal, from: (piece.from ?? 0) + first - start }),
      });
    start += piece.length;
  }
  return { s: 'text', v, at };
}

/** Whether two symbols mean the same, wherever they were written; for removing repeated alternatives. */
export function keyOf(symbol: Symbolic): string {
  return JSON.stringify(symbol, (key, value) => {
    if (key === 'source' || key === 'why' || key === 'when' || key === 'at') return undefined;
    let inner = value;
    while (inner !== null && typeof inner === 'object' && inner.s === 'from') inner = inner.value;
    return inner;
  });
}
