/**
 * The parser, behind a guard: it is native code that would end the whole process where nesting overflows its stack, so
 * what is nested too deep never reaches it.
 */
import { type ParseResult, type Program, parseSync } from 'oxc-parser';

/**
 * In operators; far more than people write. On the stack of a worker thread (4 MiB) the parser was seen to fail from 2,000
 * nested classes, objects or brackets on, and to follow 4,000 operators of each kind.
 */
export const MOST_NESTING: number = 3_000;

export type Parsed =
  | { readonly program: Program; readonly module: ParseResult['module'] }
  | { readonly problem: string; readonly offset: number };

type Lang = 'js' | 'jsx' | 'ts' | 'tsx' | 'dts';

/** Ways to read a file, best first: files without imports may be scripts that return at their top. */
function ways(name: string, esm: boolean): readonly (readonly [Lang, 'module' | 'commonjs'])[] {
  if (/\.d\.[cm]?ts$/.test(name)) return [['dts', 'module']];
  if (/\.cts$/.test(name))
    return [
      ['ts', 'commonjs'],
      ['ts', 'module'],
    ];
  if (/\.mts$/.test(name) || (/\.ts$/.test(name) && esm)) return [['ts', 'module']];
  if (/\.ts$/.test(name))
    return [
      ['ts', 'module'],
      ['ts', 'commonjs'],
    ];
  if (/\.tsx$/.test(name)) return [['tsx', 'module']];
  // Types in JavaScript (Flow, a script without suffix) mostly read as TypeScript.
  return esm
    ? [
        ['jsx', 'module'],
        ['tsx', 'module'],
      ]
    : [
        ['jsx', 'commonjs'],
        ['jsx', 'module'],
        ['tsx', 'module'],
      ];
}

/** Reads `text` as the file called `name`. The tree is large: callers keep nothing of it. */
export function parse(text: string, name: string, esm: boolean, nesting: number): Parsed {
  if (nesting > MOST_NESTING) return { problem: 'nested too deep', offset: 0 };
  let first: Parsed | undefined;
  for (const [lang, sourceType] of ways(name, esm)) {
    // Without the types that a tree for TypeScript repeats on each node: a quarter less to build.
    const result = parseSync(name, text, { lang, sourceType, astType: 'js', preserveParens: false });
    const error = result.errors.find(({ severity }) => severity === 'Error');
    if (error === undefined) return lazily(result);
    first ??= { problem: error.message.split('\n')[0] as string, offset: error.labels[0]?.start ?? 0 };
  }
  return first as Parsed;
}

/** The tree is built when it is asked for; so are the names of imports and exports. */
function lazily(result: ParseResult): Parsed {
  return {
    get module() {
      return result.module;
    },
    get program() {
      return result.program;
    },
  };
}
