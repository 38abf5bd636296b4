/**
 * Jobs of CI that run the tests: folder and variables of one way in which test files are known to run. Files of the application
 * get nothing from a job: what it opens there says nothing of where its rows are.
 */
import { posix } from 'node:path';
import type { CommandFact, FileFacts, LanguageId } from '../code/facts.ts';
import type { SourceTree } from '../code/resolve.ts';
import { HOLE } from './path-functions.ts';
import type { Variable } from './settle.ts';
import type { Source } from './symbol.ts';

export interface TestJob {
  /** `job test (.github/workflows/ci.yml)` */
  readonly label: string;
  /** Relative to the project. */
  readonly cwd: string;
  readonly source: Source;
  readonly variables: ReadonlyMap<string, Variable>;
  runs(file: string): boolean;
}

export function findTestJobs(tree: SourceTree, source: (path: string, line: number) => Source): readonly TestJob[] {
  const jobs = new Map<string, TestJob>();
  for (const [path, facts] of tree.facts) {
    if (facts.language !== 'yaml') continue;
    for (const command of facts.commands) {
      const job = command.by.startsWith('job ') ? jobOf(path, facts, command, tree, source) : undefined;
      if (job === undefined) continue;
      // A matrix and several steps say the same often.
      const key = JSON.stringify([path, command.by, job.cwd, command.words, command.env]);
      if (!jobs.has(key)) jobs.set(key, job);
    }
  }
  return [...jobs.values()];
}

function jobOf(
  path: string,
  facts: FileFacts,
  command: CommandFact,
  tree: SourceTree,
  source: (path: string, line: number) => Source,
): TestJob | undefined {
  const language = testedBy(command.words);
  const cwd = folderOf(command.cwd);
  if (language === undefined || cwd === undefined) return undefined;
  // `pytest tests/unit` runs these alone.
  const named = command.words.flatMap((word) => {
    const at = folderOf(posix.join(cwd, word.replace(/::.*$/s, '')));
    return at !== undefined && at !== cwd && (tree.paths.has(at) || tree.folders.has(at)) ? [at] : [];
  });
  const only = named.filter((at) => !/(?:^|\/)manage\.py$/.test(at));
  const places = only.length > 0 ? only : [cwd];
  return {
    label: `${command.by} (${path})`,
    cwd,
    source: source(path, command.at[2]),
    variables: variablesOf(path, facts, command, source),
    runs: (file) =>
      tree.facts.get(file)?.language === language &&
      places.some((place) => place === '' || file === place || file.startsWith(`${place}/`)),
  };
}

const PYTHON = /^(?:pytest|py\.test|unittest|nose2|nosetests)$/;
const SCRIPT = /^(?:vitest|jest|mocha|ava|jasmine|japa|playwright|cypress)$/;

/** The language whose tests a command runs. */
function testedBy(words: readonly string[]): LanguageId | undefined {
  const names = words.slice(0, 6).map((word) => posix.basename(word));
  const [program = '', ...rest] = names;
  if (/^(?:npm|pnpm|yarn|bun)$/.test(program)) {
    const script = rest.find((word) => !word.startsWith('-') && !/^(?:run|run-script|exec|dlx)$/.test(word)) ?? '';
    return /^(?:t|tst|test(?::.*)?)$/.test(script) || SCRIPT.test(script) ? 'typescript' : undefined;
  }
  if (/^(?:python|pypy)[\d.]*$/.test(program)) {
    const managed = rest.indexOf('manage.py');
    if (managed !== -1) return rest[managed + 1] === 'test' ? 'python' : undefined;
    const module = rest.indexOf('-m');
    return module !== -1 && rest.slice(module + 1, module + 5).some((word) => PYTHON.test(word)) ? 'python' : undefined;
  }
  if (PYTHON.test(program) || (program === 'coverage' && rest.some((word) => PYTHON.test(word)))) return 'python';
  if (program === 'manage.py' || program === 'django-admin') return rest[0] === 'test' ? 'python' : undefined;
  if (program === 'node' || program === 'tsx') return rest.includes('--test') ? 'typescript' : undefined;
  if (SCRIPT.test(program) || (program === 'npx' && rest.some((word) => SCRIPT.test(word)))) return 'typescript';
  return /^(?:phpunit|pest|paratest)$/.test(program) ? 'php' : undefined;
}

/** Jobs start where the repository was checked out. */
function folderOf(written: string | undefined): string | undefined {
  const path = (written ?? '').replace(
    /^(?:\$\{\{\s*github\.workspace\s*\}\}|\$\{?(?:GITHUB_WORKSPACE|CI_PROJECT_DIR)\}?|\$\(git rev-parse --show-toplevel\))\/?/,
    '',
  );
  if (/^[/~]|\$/.test(path)) return undefined;
  const normal = posix.normalize(path).replace(/\/+$/, '');
  if (normal === '.') return '';
  return normal === '..' || normal.startsWith('../') ? undefined : normal;
}

const EXPANSION = /\$\{\{[^}]*\}\}|\$\([^)]*\)|\$\{?(\w+)[^}\s/]*\}?/g;
/** A longer value is no path and no URL. */
const MOST_UNITS = 2_000;

/** Of the file, the job and the command; the inner ones win. Secrets, the matrix and outputs are not known here. */
function variablesOf(
  path: string,
  facts: FileFacts,
  command: CommandFact,
  source: (path: string, line: number) => Source,
): ReadonlyMap<string, Variable> {
  const found = new Map<string, Variable>();
  const set = (name: string, value: string, line: number): void => {
    const known =
      value.length > MOST_UNITS
        ? HOLE
        : value.replace(EXPANSION, (_whole, other?: string) =>
            other === undefined ? HOLE : (found.get(other)?.value ?? HOLE),
          );
    found.set(name, { value: known, source: source(path, line), sure: true });
  };
  for (const by of ['', command.by]) {
    for (const fact of facts.variables) {
      if (fact.by === by) set(fact.name, fact.value ?? HOLE, fact.at[2]);
    }
  }
  for (const [name, value] of Object.entries(command.env)) set(name, value, command.at[2]);
  return found;
}
