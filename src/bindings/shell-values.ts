/**
 * What `export DB="$DIR/../data/app.db"` gives a program that a script starts: expansions that the script itself settles are
 * put in, all others are holes. What a shell would do with them is not run.
 */
import { posix } from 'node:path';
import type { FileFacts } from '../code/facts.ts';
import { type FolderNames, knownFolder, OWN_FOLDER, START_FOLDER, TOP_FOLDER } from '../code/shell/known-folder.ts';
import { matching } from '../code/shell/words.ts';
import { HOLE } from './path-functions.ts';

export interface InScript {
  /** The script, relative to the project. */
  readonly path: string;
  readonly facts: FileFacts;
  /** Absolute: the project, the folder that the command starts in. */
  readonly root: string;
  readonly cwd: string;
  readonly home: string;
  /** Given to the command. */
  readonly env: Readonly<Record<string, string>>;
  /** From files of variables. */
  variable(name: string): string | undefined;
}

export interface ShellValue {
  readonly value: string;
  /** `false`: a default, or a folder that may have been another where the value was given. */
  readonly sure: boolean;
}

const MOST_UNITS = 2_000;
const MAX_DEPTH = 6;

export function shellValue(name: string, value: string, script: InScript): ShellValue {
  if (!/[$`]/.test(value)) return { value, sure: true };
  return expanded(value, script, new Set([name]));
}

function expanded(text: string, script: InScript, asked: ReadonlySet<string>): ShellValue {
  if (text.length > MOST_UNITS || asked.size > MAX_DEPTH) return { value: HOLE, sure: false };
  let value = '';
  let sure = true;
  let index = 0;
  for (const { start, end } of expansionsOf(text)) {
    const known = expansion(text.slice(start, end), script, asked);
    value += text.slice(index, start) + known.value;
    sure &&= known.sure;
    index = end;
  }
  return { value: value + text.slice(index), sure };
}

function* expansionsOf(text: string): Generator<{ start: number; end: number }> {
  const pattern = /`|\$(?:[({]|[A-Za-z_]\w*|\d|[@*#?])/g;
  const nesting = { failures: 0 };
  for (let match = pattern.exec(text); match !== null; match = pattern.exec(text)) {
    const start = match.index;
    let end = start + match[0].length;
    if (/[`({]$/.test(match[0])) {
      const close = matching(text, end - 1, text.length, nesting);
      end = close === -1 ? text.length : close;
    }
    yield { start, end };
    pattern.lastIndex = end;
  }
}

const VARIABLE = /^\$(?:([A-Za-z_]\w*)|\{([A-Za-z_]\w*)(?::?[-=]([\s\S]*))?\})$/;

function expansion(text: string, script: InScript, asked: ReadonlySet<string>): ShellValue {
  const match = VARIABLE.exec(text);
  const name = match?.[1] ?? match?.[2];
  if (name !== undefined && !asked.has(name)) {
    const given = Object.hasOwn(script.env, name) ? script.env[name] : undefined;
    if (given !== undefined) return expanded(given, script, new Set([...asked, name]));
  }
  const folder = asked.has(name ?? '') ? undefined : knownFolder(text, namesIn(script.facts));
  if (folder !== undefined) return placed(folder, script);
  if (name === undefined) return { value: HOLE, sure: false };
  if (name === 'HOME') return { value: script.home, sure: true };
  const outside = script.variable(name);
  if (outside !== undefined) return { value: outside, sure: false };
  const fallback = match?.[3]?.replace(/^(["'])([\s\S]*)\1$/, '$2');
  if (fallback === undefined) return { value: HOLE, sure: false };
  return { value: expanded(fallback, script, new Set([...asked, name])).value, sure: false };
}

function placed(folder: string, { path, facts, root, cwd }: InScript): ShellValue {
  if (folder.startsWith(OWN_FOLDER)) {
    if (facts.language !== 'shell') return { value: HOLE, sure: false };
    return { value: posix.join(root, posix.dirname(path), folder.slice(OWN_FOLDER.length)), sure: true };
  }
  if (folder.startsWith(TOP_FOLDER)) return { value: posix.join(root, folder.slice(TOP_FOLDER.length)), sure: false };
  if (folder.startsWith(START_FOLDER))
    return { value: posix.join(cwd, folder.slice(START_FOLDER.length)), sure: false };
  return { value: folder.startsWith('$') ? HOLE : folder, sure: true };
}

const namesOf = new WeakMap<FileFacts, FolderNames>();

/** What the variables of a script hold, where they are given one value. */
export function namesIn(facts: FileFacts): FolderNames {
  const known = namesOf.get(facts);
  if (known !== undefined) return known;
  const given = new Map<string, string | null>();
  for (const { name, value } of facts.variables) {
    const before = given.get(name);
    given.set(name, before === undefined || before === value ? value : null);
  }
  const asked = new Set<string>();
  const names: FolderNames = {
    cwd: undefined,
    variable(name) {
      const value = given.get(name);
      if (value === undefined || value === null || asked.has(name)) return undefined;
      asked.add(name);
      const folder = knownFolder(value, names);
      asked.delete(name);
      // Where `$PWD` was is not known any more.
      return folder?.startsWith(START_FOLDER) ? undefined : folder;
    },
  };
  namesOf.set(facts, names);
  return names;
}
