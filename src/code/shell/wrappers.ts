/**
 * Commands that run another command: `sudo -u x env A=1 nohup python app.py` runs `python app.py` with A=1. What is
 * taken off is what changes nothing about the program; what it says of variables and folders is kept.
 */
import { joinFolder } from './folders.ts';
import { ASSIGNMENT, type Word } from './words.ts';

/** One program with its words, not yet said what it is. */
export interface Simple {
  readonly words: readonly Word[];
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string | undefined;
  readonly envFiles: readonly string[];
  readonly by: string;
}

interface Wrapper {
  /** Words that must follow the name: `poetry run`. One of the alternatives. */
  readonly after?: readonly string[];
  /** Options that take a value. */
  readonly valued?: string;
  /** Words between options and command: `timeout 30 cmd`. */
  readonly operands?: number;
  /** `A=1` may stand before the command. */
  readonly assigns?: true;
  readonly folder?: string;
  readonly envFile?: string;
  /** The command is what follows `--`; without it there is none. */
  readonly dashes?: true;
}

const RUN: readonly string[] = ['run'];
const WRAPPERS: ReadonlyMap<string, Wrapper> = new Map(
  Object.entries<Wrapper>({
    sudo: { valued: '-u -g -h -p -r -t -U --user --group', assigns: true, folder: '-D --chdir' },
    doas: { valued: '-u -C' },
    env: { valued: '-u --unset', assigns: true, folder: '-C --chdir' },
    nohup: {},
    exec: { valued: '-a' },
    time: { valued: '-f -o' },
    command: {},
    builtin: {},
    setsid: {},
    nice: { valued: '-n' },
    ionice: { valued: '-c -n' },
    chronic: {},
    unbuffer: {},
    caffeinate: {},
    stdbuf: { valued: '-o -e -i' },
    timeout: { valued: '-s -k --signal --kill-after', operands: 1 },
    gtimeout: { valued: '-s -k', operands: 1 },
    gosu: { operands: 1 },
    'su-exec': { operands: 1 },
    chroot: { operands: 1 },
    tini: { valued: '-e -p' },
    'dumb-init': {},
    catchsegv: {},
    'xvfb-run': { valued: '-n -s -e' },
    xargs: { valued: '-n -I -P -L -d -a -s' },
    watch: { valued: '-n --interval' },
    npx: { valued: '-p --package' },
    pnpx: {},
    bunx: {},
    npm: { after: ['exec', 'x'], valued: '-p --package' },
    pnpm: { after: ['exec', 'dlx'], folder: '-C --dir' },
    yarn: { after: ['exec', 'dlx'], folder: '--cwd' },
    bun: { after: ['x'] },
    corepack: { operands: 0 },
    poetry: { after: RUN, folder: '-C --directory -P --project' },
    pipenv: { after: RUN },
    uv: {
      after: RUN,
      valued:
        '--with --with-editable --with-requirements --extra --group --python -p --package --no-group --only-group',
      folder: '--directory --project',
      envFile: '--env-file',
    },
    pdm: { after: RUN, folder: '-p --project' },
    hatch: { after: RUN, valued: '-e --env' },
    rye: { after: RUN },
    pixi: { after: RUN, valued: '-e --environment' },
    conda: { after: RUN, valued: '-n -p --name --prefix', folder: '--cwd' },
    bundle: { after: ['exec'] },
    honcho: { after: RUN, envFile: '-e --env' },
    foreman: { after: RUN, envFile: '-e --env' },
    doppler: { after: RUN, dashes: true },
    infisical: { after: RUN, dashes: true },
    op: { after: RUN, dashes: true, envFile: '--env-file' },
    dotenv: { envFile: '-e -f --file', valued: '-v -p -c' },
    dotenvx: { after: RUN, envFile: '-f --env-file', valued: '-e --env' },
    'env-cmd': { envFile: '-f --file', valued: '-e --environments' },
    'cross-env': { assigns: true },
    'cross-env-shell': { assigns: true },
    'wait-for-it': { dashes: true },
    'wait-for-it.sh': { dashes: true },
    'wait-for': { dashes: true },
    dockerize: { valued: '-wait -timeout -template -stdout -stderr -wait-retry-interval' },
    flock: { valued: '-w -E', operands: 1 },
    'systemd-cat': { valued: '-t -p' },
    sem: { valued: '-j --id' },
  }),
);

export const baseName = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

const has = (list: string | undefined, option: string): boolean =>
  list !== undefined && ` ${list} `.includes(` ${option} `);

/** What is inside one wrapper; `undefined` where the command is none, or runs nothing. */
export function insideWrapper(simple: Simple): Simple | undefined {
  const { words } = simple;
  const wrapper = WRAPPERS.get(baseName(words[0]?.value ?? ''));
  if (wrapper === undefined) return undefined;
  let { cwd } = simple;
  const env: Record<string, string> = { ...simple.env };
  const envFiles = [...simple.envFiles];
  let index = 1;
  let dashes = false;
  let waiting = wrapper.after;
  let operands = wrapper.operands ?? 0;
  while (index < words.length) {
    const word = (words[index] as Word).value;
    const equals = word.startsWith('--') ? word.indexOf('=') : -1;
    const option = equals === -1 ? word : word.slice(0, equals);
    if (word === '--') {
      dashes = true;
      index++;
      break;
    }
    if (word.startsWith('-') && word.length > 1) {
      const folder = has(wrapper.folder, option);
      const file = has(wrapper.envFile, option);
      let value = equals === -1 ? undefined : word.slice(equals + 1);
      if (value === undefined && (folder || file || has(wrapper.valued, option))) value = words[++index]?.value;
      if (folder && value !== undefined) cwd = joinFolder(cwd, value);
      if (file && value !== undefined) envFiles.push(value);
      index++;
      continue;
    }
    if (waiting !== undefined) {
      if (!waiting.includes(word)) return undefined;
      waiting = undefined;
      index++;
      continue;
    }
    const assignment = wrapper.assigns === true ? ASSIGNMENT.exec(word) : null;
    if (assignment !== null) {
      env[assignment[1] as string] = word.slice(assignment[0].length);
      index++;
      continue;
    }
    if (wrapper.dashes === true || operands-- > 0) {
      index++;
      continue;
    }
    break;
  }
  if ((wrapper.dashes === true && !dashes) || waiting !== undefined) return undefined;
  // `env -- A=1 cmd`, `dotenv -e f -- cross-env A=1 cmd`.
  while (dashes && wrapper.assigns === true && ASSIGNMENT.test(words[index]?.value ?? '')) {
    const word = (words[index++] as Word).value;
    const [head, name] = ASSIGNMENT.exec(word) as RegExpExecArray;
    env[name as string] = word.slice((head as string).length);
  }
  if (index >= words.length) return undefined;
  return { words: words.slice(index), env, cwd, envFiles, by: simple.by };
}

/** `npm --prefix web run dev` is `npm run dev` in `web`; the same for the others that take a folder. */
const FOLDER_OPTIONS: ReadonlyMap<string, string> = new Map(
  Object.entries({
    npm: '--prefix -C',
    pnpm: '-C --dir --prefix',
    yarn: '--cwd',
    bun: '--cwd',
    make: '-C --directory',
    gmake: '-C --directory',
    just: '-d --working-directory',
    gunicorn: '--chdir',
    celery: '--workdir',
    composer: '-d --working-dir',
  }),
);

export function takeFolderOption(simple: Simple): Simple {
  const name = baseName(simple.words[0]?.value ?? '');
  const options = FOLDER_OPTIONS.get(name);
  if (!options) return simple;
  const words: Word[] = [];
  let { cwd } = simple;
  for (let index = 0; index < simple.words.length; index++) {
    const word = simple.words[index] as Word;
    const equals = word.value.startsWith('--') ? word.value.indexOf('=') : -1;
    const option = equals === -1 ? word.value : word.value.slice(0, equals);
    if (index === 0 || !has(options, option)) {
      words.push(word);
      continue;
    }
    const value = equals === -1 ? simple.words[++index]?.value : word.value.slice(equals + 1);
    if (value !== undefined) cwd = joinFolder(cwd, value);
  }
  return { ...simple, words, cwd };
}
