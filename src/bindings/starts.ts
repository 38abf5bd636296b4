/** What the project itself starts on the host: package scripts, Makefile, shell, units, README; with folder and variables. */
import { posix } from 'node:path';
import type { CommandFact, FileFacts } from '../code/facts.ts';
import type { SourceTree } from '../code/resolve.ts';
import { knownFolder, OWN_FOLDER, TOP_FOLDER } from '../code/shell/known-folder.ts';
import type { Start } from './contexts.ts';
import { type LoadedBy, openFrameworks } from './frameworks.ts';
import { folderOf } from './project-path.ts';
import { namesIn } from './shell-values.ts';
import { type ScriptCommand, startedBy } from './started.ts';
import type { Source } from './symbol.ts';

/** Commands of these run in containers or on somebody else's machine. */
const ELSEWHERE = /^(?:service|container|stage|build|health|job) /;

export interface Starts {
  readonly starts: readonly Start[];
  script(name: string, folder: string): readonly ScriptCommand[] | undefined;
}

export function findStarts(tree: SourceTree, source: (path: string, line: number) => Source): Starts {
  const scripts = new Map<string, Map<string, ScriptCommand[]>>();
  for (const [path, facts] of tree.facts) {
    if (!/(?:^|\/)package\.json$/.test(path)) continue;
    const found = new Map<string, ScriptCommand[]>();
    for (const { by, words, cwd, env } of facts.commands) {
      if (!by.startsWith('script ')) continue;
      const command = { words, variables: env, ...(cwd === undefined ? {} : { cwd }) };
      found.set(by.slice(7), [...(found.get(by.slice(7)) ?? []), command]);
    }
    scripts.set(folderOf(path), found);
  }
  const script: Starts['script'] = (name, folder) => scripts.get(folder)?.get(name);
  const loadedBy = openFrameworks(tree);
  const starts: Start[] = [];
  for (const [path, facts] of tree.facts) {
    for (const command of facts.commands) {
      if (ELSEWHERE.test(command.by)) continue;
      starts.push(...startsOf(path, facts, command, { tree, source, script, loadedBy }));
    }
  }
  return { starts, script };
}

interface Around {
  readonly tree: SourceTree;
  readonly source: (path: string, line: number) => Source;
  readonly script: Starts['script'];
  readonly loadedBy: LoadedBy;
}

function startsOf(path: string, facts: FileFacts, command: CommandFact, around: Around): readonly Start[] {
  const { tree, source, script, loadedBy } = around;
  const cwd = folderIn(path, facts, command.cwd ?? '', baseFolder(path, facts));
  if (cwd === undefined) return [];
  let byOwnFolder = false;
  const find = (word: string): string | undefined => {
    const known = word.includes('$') || word.includes('`') ? knownFolder(word, namesIn(facts)) : word;
    const full = known === undefined ? undefined : folderIn(path, facts, known, cwd);
    if (full === undefined || !tree.paths.has(full)) return undefined;
    if (known !== word) byOwnFolder = true;
    return full;
  };
  const place = (word: string): string | undefined => folderIn(path, facts, word, cwd);
  const started = startedBy({ words: command.words, variables: command.env, tree, loadedBy, find, place, script });
  const label = labelOf(path, command, cwd);
  const weak =
    command.weak === true ||
    facts.language === 'markdown' ||
    // The top of the tree may lie above the project.
    command.cwd?.startsWith(TOP_FOLDER) === true ||
    // Who finds the program wherever the script is started from does not say where that is.
    (byOwnFolder && command.cwd === undefined);
  return started.files.flatMap((one): readonly Start[] => {
    const from = relative(posix.join(cwd, one.cwd));
    if (from === undefined) return [];
    const variables = { ...command.env, ...one.variables };
    return [{ file: one.file, cwd: from, label, source: source(path, command.at[2]), variables, weak }];
  });
}

/** A shell script, a Makefile and a manifest start in their own folder; a README tells what to type at the root, unless it lies deeper. */
function baseFolder(path: string, facts: FileFacts): string {
  // Scripts are usually called from the root: `bash scripts/run.sh`. What they `cd` to counts from there.
  if (facts.language === 'shell') return '';
  return folderOf(path);
}

/** The path relative to the project of what a command of the file writes, standing in `from`. */
function folderIn(path: string, facts: FileFacts, written: string, from: string): string | undefined {
  if (written.startsWith(OWN_FOLDER)) {
    // Elsewhere `$0` is the shell.
    if (facts.language !== 'shell') return undefined;
    return relative(posix.join('.', folderOf(path), written.slice(OWN_FOLDER.length)));
  }
  if (written.startsWith(TOP_FOLDER)) return relative(posix.join('.', written.slice(TOP_FOLDER.length)));
  return /^[/~]/.test(written) ? undefined : relative(posix.join(from, written));
}

function relative(path: string): string | undefined {
  if (path.startsWith('/') || path.includes('$') || path.startsWith('~')) return undefined;
  const normal = posix.normalize(path).replace(/\/+$/, '');
  if (normal === '.') return '';
  return normal === '..' || normal.startsWith('../') ? undefined : normal;
}

function labelOf(path: string, { by, words }: CommandFact, cwd: string): string {
  const from = cwd === '' ? '' : ` (from ${cwd})`;
  if (by.startsWith('script ')) return `npm run ${by.slice(7)}${from}`;
  if (by.startsWith('target ')) return `make ${by.slice(7)}${from}`;
  if (by === 'docs') return `as ${path} says: ${words.slice(0, 3).join(' ')}${from}`;
  return `started by ${path}${from}`;
}
