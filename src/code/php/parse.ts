/** The parser, behind a guard: it calls itself for what is nested, so what is nested too deep never reaches it. */
import { Engine } from 'php-parser';

/** A node as the parser makes it: its fields differ by `kind`, so each is looked at before it is used. */
export interface PhpNode {
  readonly kind: string;
  readonly loc?: { readonly start: { readonly offset: number }; readonly end: { readonly offset: number } } | null;
  readonly [field: string]: unknown;
}

export interface ParsedPhp {
  readonly children: readonly PhpNode[];
  /** What did not parse first; the tree is then what could be saved. */
  readonly problem?: string;
}

export const MOST_NESTING = 400;

/**
 * The parser loops for ever on some halves of declarations (`enum x` at the end of a file, `#[`), so the steps that it is made of are
 * counted. Real code takes at most 1.5 units of input, 0.3 tokens and 0.4 nodes for each of its units; what takes far more has no end.
 */
const STEPS: readonly (readonly [part: 'lexer' | 'parser', step: string, perUnit: number])[] = [
  ['lexer', 'input', 20],
  ['parser', 'lex', 3],
  ['parser', 'node', 3],
  ['parser', 'raiseError', 0],
];
const FREE_STEPS = 500;

class Endless extends Error {}

type Step = (this: unknown, a?: unknown, b?: unknown, c?: unknown, d?: unknown) => unknown;

function limit(engine: Engine, units: number): void {
  for (const [part, step, perUnit] of STEPS) {
    const owner = engine[part] as unknown as Record<string, Step>;
    const original = owner[step] as Step;
    let left = FREE_STEPS + perUnit * units;
    // Called for each unit: four arguments at most, without a list for them.
    owner[step] = function counted(a, b, c, d) {
      left -= 1;
      if (left < 0) throw new Endless('not readable: the parser finds no end');
      return original.call(this, a, b, c, d);
    };
  }
}

/** `undefined` with a reason where there is no tree at all. */
export function parsePhp(
  text: string,
  nesting: number,
): ParsedPhp | { readonly problem: string; readonly children?: undefined } {
  if (nesting > MOST_NESTING) return { problem: 'nested too deep' };
  const engine = new Engine({
    parser: { extractDoc: false, suppressErrors: true },
    ast: { withPositions: true },
    lexer: { short_tags: /<\?(?=\s)/.test(text) },
  });
  limit(engine, text.length);
  try {
    const program = engine.parseCode(text, '') as unknown as {
      children: PhpNode[];
      errors: { message?: string; line?: number }[];
    };
    const error = program.errors.find(({ message }) => message?.startsWith('Parse Error') ?? false);
    if (error === undefined) return { children: program.children };
    const message = (error.message as string).replace(/^Parse Error ?: ?/, '').replace(/ on line \d+$/, '');
    return { children: program.children, problem: `line ${error.line ?? 1}: ${message}` };
  } catch (error) {
    if (error instanceof RangeError) return { problem: 'nested too deep' };
    // What else the parser throws tells of its inside, not of the file.
    return { problem: error instanceof Endless ? error.message : 'not readable: the parser gave up' };
  }
}

export function nodeOf(value: unknown): PhpNode | undefined {
  return typeof value === 'object' && value !== null && typeof (value as PhpNode).kind === 'string'
    ? (value as PhpNode)
    : undefined;
}

export function nodesOf(value: unknown): readonly PhpNode[] {
  return Array.isArray(value) ? value.filter((one) => nodeOf(one) !== undefined) : [];
}

export function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

/** The name of an identifier, name or variable node, or a plain string; '' where it is computed. */
export function nameOf(value: unknown): string {
  if (typeof value === 'string') return value;
  const node = nodeOf(value);
  return node === undefined ? '' : textOf(node.name);
}

export function startOf(node: PhpNode): number {
  return node.loc?.start.offset ?? 0;
}

export function endOf(node: PhpNode): number {
  return node.loc?.end.offset ?? 0;
}
