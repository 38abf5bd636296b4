/** Which files the commands of a container start: shell scripts are followed into what they start. COPY alone runs nothing. */
import { posix } from 'node:path';
import type { CommandFact } from '../code/facts.ts';
import type { SourceTree } from '../code/resolve.ts';
import { OWN_FOLDER } from '../code/shell/known-folder.ts';
import type { LoadedBy } from './frameworks.ts';
import { folderOf } from './project-path.ts';
import { type StartedInput, startedBy } from './started.ts';
import type { Source } from './symbol.ts';

export interface ContainerEntry {
  readonly file: string;
  /** Absolute, in the container. */
  readonly cwd: string;
  /** Set by the command for this alone, as written. */
  readonly variables: Readonly<Record<string, string>>;
  readonly source: Source;
}

export interface ContainerEntries {
  readonly entries: readonly ContainerEntry[];
  /** What the container itself runs is known: these entries, or nothing of the project. */
  readonly understood: boolean;
  /** It runs code of the project, besides the scripts that lead to it. */
  readonly startsCode: boolean;
}

export interface EntriesInput {
  readonly tree: SourceTree;
  /** With the file that each stands in. */
  readonly commands: readonly (readonly [string, CommandFact])[];
  /** What scripts run in the container besides: `docker compose exec web flask db upgrade`. */
  readonly more: readonly (readonly [string, CommandFact])[];
  readonly workdir: string;
  readonly variables: Readonly<Record<string, string>>;
  readonly loadedBy: LoadedBy;
  readonly script: NonNullable<StartedInput['script']>;
  /** The project's file that lies at an absolute path of the container. */
  readonly fileAt: (full: string) => string | undefined;
  /** The path in the project of what a build put there. */
  readonly outputAt: (full: string) => string | undefined;
  readonly placeOf: (file: string) => string;
  readonly source: (path: string, line: number) => Source;
}

/** Scripts that call scripts; a longer chain is none that a person wrote. */
const MOST_SCRIPTS = 12;

export function entriesOf(input: EntriesInput): ContainerEntries {
  const entries: ContainerEntry[] = [];
  const scripts = new Set<string>();
  let understood = input.commands.length > 0;
  const take = (path: string, command: CommandFact, base: string): void => {
    const cwd = folderOfCommand(command, base);
    if (cwd === undefined) return;
    const started = startedBy({
      words: command.words,
      variables: { ...input.variables, ...command.env },
      tree: input.tree,
      loadedBy: input.loadedBy,
      script: input.script,
      find: (word) => input.fileAt(posix.resolve('/', cwd, word)),
      place: (word) => input.outputAt(posix.resolve('/', cwd, word)),
    });
    if (!started.understood) understood = false;
    for (const one of started.files) {
      const from = posix.resolve('/', cwd, one.cwd);
      const set = { ...command.env, ...one.variables };
      entries.push({ file: one.file, cwd: from, variables: set, source: input.source(path, command.at[2]) });
      const facts = input.tree.facts.get(one.file);
      if (facts?.language !== 'shell' || scripts.has(one.file) || scripts.size >= MOST_SCRIPTS) continue;
      scripts.add(one.file);
      const home = posix.dirname(input.placeOf(one.file));
      for (const inner of facts.commands) {
        const own = inner.cwd?.startsWith(OWN_FOLDER) === true;
        const rest = own ? (inner.cwd as string).slice(OWN_FOLDER.length).replace(/^\//, '') : inner.cwd;
        take(one.file, { ...inner, ...(rest === undefined ? {} : { cwd: rest }) }, own ? home : from);
      }
    }
  };
  for (const [path, command] of input.commands) take(path, command, input.workdir);
  const known = understood;
  const startsCode = entries.some(({ file }) => input.tree.facts.get(file)?.language !== 'shell');
  for (const [path, command] of input.more) take(path, command, input.workdir);
  return { entries, understood: known, startsCode };
}

function folderOfCommand({ cwd }: CommandFact, base: string): string | undefined {
  return cwd?.includes('$') || cwd?.startsWith('~') ? undefined : posix.resolve('/', base, cwd ?? '');
}

/** Folders of the pages that lead to a PHP file: those that no other one includes. */
export function pageFolders(
  leading: ReadonlySet<string>,
  leadingTo: (file: string) => ReadonlySet<string>,
): readonly string[] {
  const pages = [...leading].filter((file) => leadingTo(file).size === 1);
  return [...new Set((pages.length > 0 ? pages : [...leading]).map(folderOf))].sort().slice(0, 8);
}
