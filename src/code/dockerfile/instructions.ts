/** Instructions of a Dockerfile with their arguments as the builder sees them: comments between continued lines gone. */
import { DockerfileParser } from 'dockerfile-ast';
import type { ConfigNode } from '../config-tree.ts';
import { readJsonc } from '../json/jsonc.ts';
import type { Lines } from '../text-lines.ts';
import { asWritten, type Piece, type WrittenText, writtenText } from '../written-text.ts';

export interface Instruction {
  /** Upper case. */
  readonly keyword: string;
  readonly start: number;
  readonly end: number;
  readonly args: WrittenText;
}

export function instructionsOf(text: string, lines: Lines): Instruction[] {
  const file = DockerfileParser.parse(text);
  const starts = lineStarts(text);
  const offset = ({ line, character }: { line: number; character: number }): number =>
    Math.min((starts[line] ?? text.length) + character, text.length);
  const tick = file.getEscapeCharacter() === '`';
  return file.getInstructions().map((instruction) => {
    const range = instruction.getRange();
    const start = offset(range.start);
    const end = offset(range.end);
    // The parser's own range of arguments leaves options such as `--from` out.
    const head = start + instruction.getKeyword().length;
    const from = Math.min(
      head + (/^(?:[ \t]|[\\`][ \t]*\r?\n)*/.exec(text.slice(head, head + 2000))?.[0].length ?? 0),
      end,
    );
    return {
      keyword: instruction.getKeyword().toUpperCase(),
      start,
      end,
      args: argumentsOf(text, from, end, tick, lines),
    };
  });
}

function lineStarts(text: string): number[] {
  const starts = [0];
  for (let index = 0; index < text.length; index++) {
    const unit = text[index];
    if (unit === '\n' || (unit === '\r' && text[index + 1] !== '\n')) starts.push(index + 1);
  }
  return starts;
}

function argumentsOf(text: string, from: number, end: number, tick: boolean, lines: Lines): WrittenText {
  const pieces: Piece[] = [];
  let index = from;
  let heredoc = false;
  while (index < end) {
    const eol = text.indexOf('\n', index);
    const stop = eol === -1 || eol >= end ? end : eol + 1;
    const line = text.slice(index, stop);
    const comment = !heredoc && pieces.length > 0 && /^\s*(?:#|$)/.test(line);
    heredoc ||= /<<-?\s*["']?\w/.test(line);
    const said = tick ? line.replace(/`(?=\s*$)/, '\\') : line;
    // Blanks behind the backslash are forgiven by the builder, not by a shell.
    const clean = heredoc ? said : said.replace(/\\[ \t]+(\r?\n)$/, '\\$1');
    if (!comment) pieces.push({ text: clean, from: index, to: stop });
    index = stop;
  }
  return pieces.length === 0 ? asWritten(text, from, from, lines) : writtenText(pieces, lines);
}

/** The words of `["a", "b"]`; `undefined` for the shell form. */
export function wordsOfJson(args: WrittenText): readonly WrittenText[] | undefined {
  if (!/^\s*\[/.test(args.text)) return undefined;
  const { root, problem } = readJsonc(args.text.replace(/\\(\r?\n)/g, ' $1'));
  if (root?.k !== 'list' || problem !== undefined || root.items.some((item) => item.k !== 'text')) return undefined;
  return root.items.map((item) => {
    const inner = (item as Extract<ConfigNode, { k: 'text' }>).written();
    return {
      text: inner.text,
      span: (start: number, end: number) => {
        const [a, b] = inner.span(start, end);
        return args.span(a, b);
      },
    };
  });
}

/** `--from=build --chown=a:b x y`: options first, then the rest. */
export function optionsOf(args: WrittenText): { readonly options: ReadonlyMap<string, string>; readonly rest: number } {
  const options = new Map<string, string>();
  let rest = 0;
  for (;;) {
    const match = /^\s*(?:\\\r?\n\s*)*--([\w-]+)(?:=("[^"]*"|\S*))?(?=\s|$)/.exec(args.text.slice(rest));
    if (match === null) break;
    options.set(match[1] as string, (match[2] ?? '').replace(/"/g, ''));
    rest += match[0].length;
  }
  return { options, rest: rest + (/^\s*(?:\\\r?\n\s*)*/.exec(args.text.slice(rest))?.[0].length ?? 0) };
}
