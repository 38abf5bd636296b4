/**
 * Options of programs that are accepted and never looked at (trap C16). Careful: a word that stands anywhere else in the
 * file, or in a file that could be handed the parsed options, counts as a reading.
 */
import { type CallSite, callsOf } from '../code/calls.ts';
import type { Expr, FileFacts, Scope } from '../code/facts.ts';
import type { Code } from './code-model.ts';
import type { Facts } from './model.ts';
import { isAside } from './set-aside.ts';
import { linesOf, wordsIn } from './words-of-code.ts';

export interface UnreadOption {
  /** `--dry-run`. */
  readonly option: string;
  readonly path: string;
  readonly line: number;
}

interface Option {
  readonly name: string;
  /** Names under which the code would read it. */
  readonly words: readonly string[];
  readonly line: number;
  /** Lines on which the words do not count: the declaration itself, and the parameter that receives the value. */
  readonly own: readonly (readonly [from: number, to: number])[];
}

export function optionsNeverRead(facts: Facts): readonly UnreadOption[] {
  const { code } = facts;
  const found: UnreadOption[] = [];
  for (const [path, known] of code.files) {
    if ((known.language !== 'python' && known.language !== 'typescript') || isAside(path, known)) continue;
    if (known.read !== 'structure') continue;
    const options = [...optionsOf(known, code, path), ...flagsOf(known)];
    if (options.length === 0) continue;
    const lines = linesOf(code, path);
    const elsewhere = handedOn(code, path);
    for (const option of options) {
      if (isRead(option, lines) || elsewhere().some((other) => isRead({ ...option, own: [] }, linesOf(code, other))))
        continue;
      found.push({ option: option.name, path, line: option.line });
    }
  }
  return found;
}

/** Files that the options may be handed to: those that this one imports, and those that import it. */
function handedOn(code: Code, path: string): () => readonly string[] {
  let files: readonly string[] | undefined;
  return () => {
    if (files !== undefined) return files;
    const taken = code.graph.imports(path);
    const near = [...taken, ...taken.flatMap((one) => code.graph.imports(one)), ...code.graph.leadingTo(path)];
    files = [...new Set(near)]
      .filter((other) => other !== path && code.files.has(other))
      .slice(0, 200);
    return files;
  };
}

function isRead({ words, own }: Option, lines: readonly string[]): boolean {
  return lines.some((text, index) => {
    if (own.some(([from, to]) => index + 1 >= from && index + 1 <= to)) return false;
    if (!words.some((word) => text.includes(word))) return false;
    // What a comment says of it is no reading.
    if (/^\s*(?:#|\/\/|\*)/.test(text)) return false;
    return wordsIn(text).some((word) => words.includes(word)) || words.some((word) => quoted(text, word));
  });
}

/** `args["dry-run"]`, `argv['dry-run']`, `getattr(args, "dry_run")`. */
const quoted = (text: string, word: string): boolean => text.includes(`'${word}'`) || text.includes(`"${word}"`);

/** argparse, optparse, click and typer; commander and yargs. */
function optionsOf(facts: FileFacts, code: Code, path: string): readonly Option[] {
  const full = facts.read === 'structure' ? facts : code.structureOf(path);
  return callsOf(full).flatMap((site): readonly Option[] => {
    const { call, name } = site;
    if (!/^(?:add_argument|add_option|option|requiredOption)$/.test(name)) return [];
    const spelled = call.args.flatMap((arg) => (arg.k === 'text' ? arg.v.split(/[\s,|]+/) : []));
    const long = spelled.find((text) => /^--[a-z][\w-]+$/i.test(text));
    if (long === undefined || isAnswered(call.named)) return [];
    const dest = call.named?.dest;
    const plain = long.replace(/^--(?:no-)?/, '');
    const given = call.args.flatMap((arg) => (arg.k === 'text' && /^[a-z_]\w*$/i.test(arg.v) ? [arg.v] : []));
    const words = [...(dest?.k === 'text' ? [dest.v] : [plain.replaceAll('-', '_'), camel(plain), plain, ...given]), long];
    const decorated = name === 'option' && full.language === 'python' ? receiver(site, full) : undefined;
    const own: (readonly [number, number])[] = [linesOfCall(call, full, code, path)];
    if (decorated !== undefined) own.push(header(decorated, code, path));
    return [{ name: long, words: [...new Set(words)], line: call.at[2], own }];
  });
}

/** `action="version"` and the like are dealt with by the parser. */
function isAnswered(named: Readonly<Record<string, Expr>> | undefined): boolean {
  const action = named?.action;
  return (
    (action?.k === 'text' && /^(?:version|help)$/.test(action.v)) ||
    named?.callback !== undefined ||
    named?.expose_value !== undefined
  );
}

/** `const dryRun = process.argv.includes('--dry-run')`, `DRY_RUN = "--dry-run" in sys.argv`: a name that nothing reads. */
function flagsOf(facts: FileFacts): readonly Option[] {
  return facts.assigns.flatMap(({ to, value, at }) => {
    if (!/^[A-Za-z_$][\w$]*$/.test(to)) return [];
    const flag =
      value.k === 'call' && value.fn.k === 'member' && value.fn.v === 'includes'
        ? value.args[0]
        : value.k === 'op' && value.op === 'in'
          ? value.a
          : undefined;
    if (flag?.k !== 'text' || !/^--[a-z][\w-]+$/i.test(flag.v)) return [];
    return [{ name: flag.v, words: [to], line: at[2], own: [[at[2], at[2]] as const] }];
  });
}

function linesOfCall(call: CallSite['call'], facts: FileFacts, code: Code, path: string): readonly [number, number] {
  const from = call.at[2];
  // The end is an offset: the lines of the call are as many as its text has, which the lines themselves tell.
  let left = call.at[1] - call.at[0];
  let to = from;
  for (; to < facts.lines && left > 0 && to - from < 40; to++) left -= code.lineOf(path, to).length + 1;
  return [from, Math.max(from, to - 1)];
}

/** The function that a decorator stands on. */
function receiver(site: CallSite, facts: FileFacts): Scope | undefined {
  return facts.scopes.find((scope) => scope.decorators?.includes(site.call) === true);
}

/** From the line of `def` to the one that ends with a colon. */
function header(scope: Scope, code: Code, path: string): readonly [number, number] {
  let from = scope.at[2];
  while (from < scope.lastLine && !/^(?:async\s+)?def\b/.test(code.lineOf(path, from))) from++;
  let to = from;
  while (to < scope.lastLine && !/:\s*(?:#.*)?$/.test(code.lineOf(path, to))) to++;
  return [from, to];
}

const camel = (text: string): string => text.replace(/[-_]+(\w)/g, (_, letter: string) => letter.toUpperCase());
