/** Where a project's programs begin: what commands start, manifests publish, pages load, and frameworks find by name. */
import { posix } from 'node:path';
import type { CommandFact, FileFacts } from '../facts.ts';
import type { SourceTree } from '../resolve.ts';
import { openCommandFiles } from './command-files.ts';
import { type ConventionFile, conventionOf } from './entry-conventions.ts';
import { openPackages } from './packages.ts';

export interface EntryPoint {
  readonly file: string;
  /** What starts it: `service web (docker-compose.yml)`, `script dev (package.json)`, `pytest`. */
  readonly by: string;
  /** Where it is started from: relative to the project, or absolute in a container. Absent: nothing says. */
  readonly cwd?: string;
  readonly command?: CommandFact;
  readonly from?: { readonly path: string; readonly line: number };
  readonly kind: 'command' | 'convention' | 'test' | 'docs' | 'manifest';
  /** A clause for reports: `docker-compose.yml runs it`. */
  readonly why: string;
}

const MODULES: ReadonlySet<string> = new Set(['python', 'typescript', 'php', 'shell']);
/** Settings of tools that are code or a list of files: each text that leads to a file names it. */
const NAMES_FILES =
  /(?:^|\/)(?:[\w.-]+\.config\.[cm]?[jt]s|angular\.json|nest-cli\.json|manifest\.json|tsconfig[\w.-]*\.json|serverless\.ya?ml|vercel\.json|nodemon\.json)$/;
const QUOTED = /(["'`])((?:\.{0,2}\/)?[\w@.-]+(?:\/[\w@.*-]+)*\.(?:[cm]?[jt]sx?|py|php))\1/g;

/** Ordered by file; one file may have several. */
export function entryPoints(tree: SourceTree): readonly EntryPoint[] {
  const found: EntryPoint[] = [];
  const files = openCommandFiles(tree);
  const packages = openPackages(tree);
  for (const [path, facts] of tree.facts) {
    for (const command of facts.commands) found.push(...startedBy(path, facts, command, files));
    found.push(...named(path, facts, files));
    const shared = { path, facts, packages, exists: (other: string) => tree.paths.has(other) };
    const file: ConventionFile = { ...shared, above: (base) => isAbove(path, base, tree) };
    const convention = MODULES.has(facts.language) ? conventionOf(file) : undefined;
    if (convention !== undefined) {
      found.push({ file: path, by: convention.name, kind: convention.kind, why: convention.why });
    }
  }
  for (const path of tree.paths) if (NAMES_FILES.test(path)) found.push(...namedInSettings(path, tree, files));
  return once(found).sort((x, y) => (x.file < y.file ? -1 : x.file > y.file ? 1 : 0));
}

type CommandFiles = ReturnType<typeof openCommandFiles>;

function startedBy(path: string, facts: FileFacts, command: CommandFact, files: CommandFiles): readonly EntryPoint[] {
  const isDocs = facts.language === 'markdown' || command.weak === true;
  const cwd = startFolder(path, facts, command);
  return files.of(path, command).map((file) => ({
    file,
    by: `${command.by} (${path})`,
    ...(cwd === undefined ? {} : { cwd }),
    command,
    from: { path, line: command.at[2] },
    kind: isDocs ? ('docs' as const) : ('command' as const),
    why: isDocs ? `${path} tells to run it` : `${path} runs it`,
  }));
}

/** Shell scripts and documents are written to be used from the project's folder. */
function startFolder(path: string, facts: FileFacts, { cwd }: CommandFact): string | undefined {
  if (cwd !== undefined && (cwd.startsWith('/') || cwd.includes('$'))) return cwd.startsWith('/') ? cwd : undefined;
  const base = facts.language === 'shell' || facts.language === 'markdown' ? '' : posix.dirname(path);
  const joined = posix.join(base, cwd ?? '').replace(/\/$/, '');
  return joined === '.' ? '' : joined.startsWith('..') ? undefined : joined;
}

/** `main`, `bin`, `exports` of a manifest; scripts that settings name. */
function named(path: string, facts: FileFacts, files: CommandFiles): readonly EntryPoint[] {
  if (MODULES.has(facts.language) && facts.language !== 'shell') return [];
  const isManifest = /(?:^|\/)(?:package|composer)\.json$|(?:^|\/)(?:pyproject\.toml|setup\.cfg)$/.test(path);
  const isDocs = facts.language === 'markdown';
  return facts.references
    .filter(({ kind }) => kind === 'script' || (kind === 'config' && isManifest) || kind === 'include')
    .flatMap(({ target, at }) =>
      files.named(path, target).map((file) => ({
        file,
        by: path,
        from: { path, line: at[2] },
        kind: isManifest ? ('manifest' as const) : isDocs ? ('docs' as const) : ('command' as const),
        why: isManifest ? `${path} publishes it` : `${path} names it`,
      })),
    );
}

function namedInSettings(path: string, tree: SourceTree, files: CommandFiles): readonly EntryPoint[] {
  const text = tree.readText(path)?.slice(0, 200_000) ?? '';
  return [...text.matchAll(QUOTED)].flatMap((match) =>
    files.named(path, match[2] as string).map((file) => ({
      file,
      by: path,
      from: { path, line: text.slice(0, match.index).split('\n').length },
      kind: 'manifest' as const,
      why: `${path} names it`,
    })),
  );
}

function isAbove(path: string, base: string, tree: SourceTree): boolean {
  for (let cut = path.lastIndexOf('/'); cut > 0; cut = path.lastIndexOf('/', cut - 1)) {
    if (tree.paths.has(`${path.slice(0, cut)}/${base}`)) return true;
  }
  return tree.paths.has(base);
}

function once(entries: readonly EntryPoint[]): EntryPoint[] {
  const seen = new Set<string>();
  return entries.filter(({ file, by, from }) => {
    const key = `${file}\n${by}\n${from?.line ?? ''}`;
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}
