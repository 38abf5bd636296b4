/**
 * Paths that commands, builds and manifests name and that are not there (trap C19). A path counts as there if any folder that
 * it may be meant from has it; what a build, an install or the commands themselves make is not missed. One file: what counts as a place, and what as missed, is one question.
 */
import { posix } from 'node:path';
import type { CommandFact, FileFacts, ReferenceFact } from '../code/facts.ts';
import type { Facts } from './model.ts';
import { foldersOf } from './project-tree.ts';

export interface DanglingPath {
  /** Where it is named. */
  readonly path: string;
  readonly line: number;
  /** Relative to the project, from the likeliest folder. */
  readonly target: string;
  /** The folder of a machine that it is started in, where one is named, and those of the project that may be meant by it. */
  readonly started?: { readonly cwd: string; readonly folders: readonly string[] };
  readonly how: 'build' | 'job' | 'schedule' | 'start' | 'script' | 'manifest' | 'variables';
  /** `npm run seed`, `COPY`, `service web`. */
  readonly what: string;
  /** Only one folder can be meant. */
  readonly sure: boolean;
  readonly perhaps: readonly string[];
}

/** Made by builds, installs and tools, or by hand on each machine. */
const MADE =
  /(?:^|\/)(?:node_modules|vendor|dist|build|out|output|\.next|\.nuxt|\.output|\.svelte-kit|target|coverage|tmp|temp|logs?|\.?venv|env|site-packages|\.git|\.husky|__pycache__|generated|__generated__|\.cache|bin|lib|artifacts?|reports?|www|public|static|certs?|ssl|secrets?)(?:\/|$)|\.(?:log|pid|sock|pem|key|crt|min\.js|map|jar|whl|tgz|tar|gz|zip|lock|ipynb)$|(?:^|\/)(?:package-lock\.json|yarn\.lock|pnpm-lock\.yaml|poetry\.lock|next-env\.d\.ts|local\.[\w.]+)$/i;
const UNREADABLE = /[$`*?[\]{}<>|&;()"'\s~^%!#@=,]|^-|^[a-z][\w+.-]*:\/\/|\\|^\.{1,2}$/i;
const VARIABLES = /(?:^|\/)\.?env(?:\.[\w.-]+)?$|\.env$/;
/** They make what they name, look whether it is there, or work on another machine. */
const MAKES =
  /^(?:touch|cp|mv|curl|wget|tee|echo|printf|cat|mkdir|rm|ln|install|git|tar|unzip|zip|scp|rsync|ssh|docker|podman|kubectl|helm|aws|gcloud|az|gh|test|\[|\[\[|ls|find|grep|sed|awk|chmod|chown|openssl|npx|pip|pip3|npm|yarn|pnpm|apt-get|apk|brew|cd|export|source-map|pkill|pgrep|kill|tail|head|less|code|vim|nano|esbuild|tsc|rollup|webpack|swc|babel|uglifyjs|pyinstaller|nuitka|alembic|sqlite3|psql|mysql|django-admin|startproject|create-\w+)$/;
const SUFFIXES = [
  '',
  '.js',
  '.ts',
  '.mjs',
  '.cjs',
  '.tsx',
  '.json',
  '.py',
  '.sh',
  '.php',
  '/index.js',
  '/index.ts',
  '/__main__.py',
  '/package.json',
  '/Dockerfile',
];

export function danglingPaths(facts: Facts): readonly DanglingPath[] {
  const { files, paths } = facts.code;
  const folders = foldersOf(paths);
  const skipped = facts.project.skipped.map(({ path }) => path);
  const contexts = buildFolders(files);
  const ends = endings(paths);
  const isThere = (path: string): boolean =>
    SUFFIXES.some((suffix) => paths.has(path + suffix)) ||
    folders.has(path) ||
    path === '' ||
    path.startsWith('..') ||
    skipped.some((folder) => path === folder || path.startsWith(`${folder}/`) || folder.startsWith(`${path}/`));
  const found: DanglingPath[] = [];

  /** `bases`: folders that it may be meant from, the likeliest first. */
  const check = (
    path: string,
    line: number,
    raw: string,
    bases: readonly string[],
    how: DanglingPath['how'],
    what: string,
    cwd?: string,
  ): void => {
    const target = raw.replace(/^\.\//, '').replace(/\/+$/, '');
    if (target === '' || target.startsWith('/') || UNREADABLE.test(target) || MADE.test(target)) return;
    const places = [...new Set(bases)].map((base) => join(base, target));
    if (places.some(isThere)) return;
    const [first] = places;
    if (first === undefined || MADE.test(first)) return;
    const name = first.slice(first.lastIndexOf('/') + 1);
    // What `npm init` writes into every manifest.
    if (how === 'manifest' && name === 'index.js') return;
    const isSettings = VARIABLES.test(target);
    // Files of variables are each machine's own; an example beside it says so.
    if (
      isSettings &&
      (ends.get('.env.example') !== undefined ||
        [...paths].some((one) =>
          /(?:^|\/)\.?env[\w.-]*\.(?:example|sample|template|dist)$|\.env\.(?:example|sample|template)/.test(one),
        ))
    )
      return;
    const same = ends.get(name) ?? [];
    // Called from another folder than those that were thought of.
    const elsewhere = same.some((one) => one.endsWith(`/${target.replace(/^(?:\.\.\/)+/, '')}`));
    if (elsewhere && places.length > 1) return;
    found.push({
      path,
      line,
      target: first,
      ...(cwd?.startsWith('/') === true
        ? { started: { cwd, folders: [...new Set(bases)].filter((base) => base === '' || folders.has(base)) } }
        : {}),
      how: isSettings ? 'variables' : how,
      what,
      sure: places.length === 1 && !isSettings && !/(?:^|\/)(?:Makefile|crontab)|\.(?:mk|sh|service|timer)$/.test(path),
      perhaps: same.slice(0, 4),
    });
  };

  for (const [path, one] of files) {
    const kind = kindOf(path, one);
    if (kind === undefined) continue;
    const own = folderOf(path);
    // CI and shell scripts are run from the root, most of the time.
    const fromRoot = kind === 'job' || one.language === 'shell';
    const homes = [...(contexts.get(path) ?? []), ...(fromRoot ? ['', own] : [own, ''])];
    for (const place of one.places) {
      if (place.build !== undefined && !UNREADABLE.test(place.build)) {
        const folder = join(own, place.build);
        if (!folders.has(folder) && folder !== '')
          check(path, place.at[2], place.build, [own], 'build', `${place.label} is built there`);
        else if (place.dockerfile !== undefined)
          check(path, place.at[2], place.dockerfile, [folder], 'build', `${place.label} is built by it`);
      }
    }
    for (const reference of one.references) {
      if (reference.kind === 'link') continue;
      const line = reference.at[2];
      if (reference.kind === 'copy') {
        if (one.language === 'dockerfile') check(path, line, reference.target, homes, 'build', 'COPY');
        continue;
      }
      const commands = commandsOf(one, reference);
      if (commands.length === 0) {
        // A manifest's own field, an include: written from the file's folder.
        if (one.language === 'shell' || one.language === 'makefile') continue;
        const bases = kind === 'job' ? ['', own] : one.language === 'dockerfile' ? homes : [own];
        check(path, line, reference.target, bases, one.language === 'json' ? 'manifest' : kind, said(reference));
        continue;
      }
      // What another stage made is in the image too.
      if (one.places.some(({ copies = [] }) => copies.some(({ stage }) => stage !== undefined))) continue;
      if (commands.some(({ words, weak }) => weak === true || MAKES.test(programOf(words)))) continue;
      if (isMadeHere(one, reference.target)) continue;
      const unsure = kind !== 'script' || one.language !== 'json' || commands.some(({ cwd }) => cwd !== undefined);
      const inImage = one.language === 'dockerfile';
      const bases = commands.flatMap(({ cwd }) => basesOf(cwd, homes, inImage ? [] : outside(cwd, folders)));
      // Where it is started is not known: a folder that nobody can read is in the way.
      if (bases.length === 0) continue;
      check(
        path,
        line,
        reference.target,
        unsure ? [...bases, ...homes] : [own],
        kind,
        commands[0]?.by ?? '',
        commands[0]?.cwd,
      );
    }
  }
  return found;
}

function kindOf(path: string, { language }: FileFacts): DanglingPath['how'] | undefined {
  switch (language) {
    case 'dockerfile':
      return 'build';
    case 'crontab':
      return 'schedule';
    case 'systemd':
    case 'procfile':
      return 'start';
    case 'makefile':
    case 'shell':
      return 'script';
    case 'json':
      return /(?:^|\/)(?:package|composer)\.json$/.test(path) ? 'script' : undefined;
    case 'yaml':
      if (/(?:^|\/)(?:docker-)?compose[\w.-]*\.ya?ml$/.test(path)) return 'start';
      return /(?:^|\/)(?:\.github|\.gitlab|\.circleci|\.forgejo|\.gitea|\.woodpecker)\/|(?:^|\/)(?:\.gitlab-ci|\.travis|azure-pipelines[\w.-]*|bitbucket-pipelines|\.drone|appveyor)\.ya?ml$/.test(
        path,
      )
        ? 'job'
        : undefined;
    default:
      return undefined;
  }
}

const said = ({ kind }: ReferenceFact): string =>
  kind === 'include' ? 'it is included' : kind === 'config' ? 'settings' : 'named';
const programOf = (words: readonly string[]): string => (words[0] ?? '').replace(/^.*\//, '');

function commandsOf({ commands }: FileFacts, { target, at }: ReferenceFact): readonly CommandFact[] {
  const naming = commands.filter(({ words }) => words.some((word) => word === target || word.endsWith(`=${target}`)));
  const here = naming.filter((command) => command.at[2] === at[2]);
  return here.length > 0 ? here : naming;
}

/** A command of the file makes it or asks whether it is there: then it may come and go. */
function isMadeHere({ commands, references }: FileFacts, target: string): boolean {
  const name = target.replace(/^\.\//, '');
  return (
    references.some((one) => one.kind === 'copy' && one.target.replace(/^\.\//, '') === name) ||
    commands.some(
      ({ words }) => MAKES.test(programOf(words)) && words.slice(1).some((word) => word.replace(/^\.\//, '') === name),
    )
  );
}

/** `/srv/shop/jobs` on a host: the project's own `jobs`, where there is one, or its root, before the folder of the file. */
function outside(cwd: string | undefined, folders: ReadonlySet<string>): readonly string[] {
  if (cwd === undefined || !cwd.startsWith('/')) return [];
  const parts = cwd.split('/').filter((part) => part !== '');
  return [...parts.map((_, index) => parts.slice(index).join('/')).filter((end) => folders.has(end)), ''];
}

/** `first`: tried before all others where it is started in an absolute folder. */
function basesOf(cwd: string | undefined, homes: readonly string[], first: readonly string[]): readonly string[] {
  if (cwd === undefined) return homes;
  if (cwd.includes('$') || cwd.startsWith('~')) return [];
  if (!cwd.startsWith('/')) return homes.map((home) => join(home, cwd));
  // In a container or on a host: what follows the folder that the project lies in is not known.
  const parts = cwd.split('/').filter((part) => part !== '');
  return [
    ...first,
    ...homes.flatMap((home) => [home, ...parts.map((_, index) => join(home, parts.slice(index).join('/')))]),
  ];
}

function buildFolders(files: ReadonlyMap<string, FileFacts>): ReadonlyMap<string, readonly string[]> {
  const folders = new Map<string, string[]>();
  for (const [path, { places }] of files) {
    for (const { build, dockerfile } of places) {
      if (build === undefined || build.includes('$') || build.includes('://')) continue;
      const folder = join(folderOf(path), build);
      const file = join(folder, dockerfile ?? 'Dockerfile');
      folders.set(file, [...(folders.get(file) ?? []), folder]);
    }
  }
  return folders;
}

function endings(paths: ReadonlySet<string>): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>();
  for (const path of paths) {
    const name = path.slice(path.lastIndexOf('/') + 1);
    const list = found.get(name);
    if (list === undefined) found.set(name, [path]);
    else list.push(path);
  }
  return found;
}

function folderOf(path: string): string {
  const cut = path.lastIndexOf('/');
  return cut < 0 ? '' : path.slice(0, cut);
}

function join(folder: string, path: string): string {
  const joined = posix.join(folder, path).replace(/\/$/, '');
  return joined === '.' ? '' : joined;
}
