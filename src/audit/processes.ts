/** How many processes a command starts: workers of servers, instances of process managers, replicas of services. */
import type { CommandFact } from '../code/facts.ts';
import type { EntryPoint } from '../code/graph/entry-points.ts';
import type { Facts } from './model.ts';

export interface Processes {
  /** File that the processes run. */
  readonly file: string;
  readonly count: number;
  /** `gunicorn with 4 workers × 3 replicas`. */
  readonly how: string;
  /** Processes of one deployment add up, those of several are alternatives. */
  readonly deployment: string;
  readonly path: string;
  readonly line: number;
}

/** Each way in which commands start files of the project; documents only tell what somebody may type. */
export function processesOf(facts: Facts): readonly Processes[] {
  const found = new Map<string, Processes>();
  for (const entry of facts.code.entries) {
    const { command, from, kind, file } = entry;
    if (command === undefined || from === undefined || kind !== 'command') continue;
    const workers = workersOf(command, facts);
    for (const { replicas, deployment } of replicasOf(entry, from.path, command, facts)) {
      const { count, how } = workers;
      const one: Processes = {
        file,
        count: count * replicas,
        how: replicas === 1 ? how : `${how} × ${replicas} replicas`,
        deployment,
        path: from.path,
        line: from.line,
      };
      found.set(`${file}\n${deployment}\n${from.path}\n${from.line}`, one);
    }
  }
  return [...found.values()];
}

function workersOf({ words, env }: CommandFact, facts: Facts): { readonly count: number; readonly how: string } {
  const at = words.findIndex((word) =>
    /(?:^|\/)(?:gunicorn|uvicorn|hypercorn|granian|celery|pm2|waitress-serve|daphne)$/.test(word),
  );
  const program = (words[at] ?? words[0] ?? '').replace(/^.*\//, '');
  const said = (flags: RegExp, variables: readonly string[], noun: string): { count: number; how: string } => {
    const given =
      flagOf(words, flags, facts) ??
      variables.map((name) => numeric(env[name] ?? setting(name, facts))).find((one) => one !== undefined);
    return given === undefined || given < 2
      ? { count: 1, how: `${program} with 1 process` }
      : { count: given, how: `${program} with ${given} ${noun}` };
  };
  switch (program) {
    case 'gunicorn':
    case 'uvicorn':
    case 'hypercorn':
    case 'granian':
      return said(/^(?:-w|--workers)$/, ['WEB_CONCURRENCY'], 'workers');
    case 'celery':
      // Threads and green threads share one pool.
      if (
        words.some(
          (word, index) =>
            /^(?:-P|--pool)$/.test(words[index - 1] ?? '') && /^(?:solo|threads|gevent|eventlet)$/.test(word),
        )
      )
        return { count: 1, how: 'celery with 1 process' };
      return said(/^(?:-c|--concurrency)$/, [], 'processes');
    case 'pm2':
      return said(/^(?:-i|--instances)$/, [], 'instances');
    default:
      return { count: 1, how: `${program} with 1 process` };
  }
}

/** `-w 4`, `-w4`, `--workers=4`; a variable is what the project sets it to, or its default. */
function flagOf(words: readonly string[], flags: RegExp, facts: Facts): number | undefined {
  for (const [index, word] of words.entries()) {
    const [name = '', inline] = word.split('=', 2);
    if (flags.test(name)) return numeric(expanded(inline ?? words[index + 1] ?? '', facts));
    const short = /^(-\w)(\d+)$/.exec(word);
    if (short !== null && flags.test(short[1] as string)) return Number(short[2]);
  }
  return undefined;
}

function expanded(word: string, facts: Facts): string {
  const variable = /^\$\{?(\w+)(?::?-([^}]*))?\}?$/.exec(word);
  return variable === null ? word : (setting(variable[1] as string, facts) ?? variable[2] ?? '');
}

const numeric = (text: string | undefined): number | undefined =>
  text !== undefined && /^\d{1,4}$/.test(text) ? Number(text) : undefined;

/** What a variable is set to, if it is set to one thing everywhere. */
export function setting(name: string, { code }: Facts): string | undefined {
  const values = new Set(
    code.variables.flatMap((site) =>
      site.name === name && site.kind === 'set' && site.value !== null ? [site.value] : [],
    ),
  );
  return values.size === 1 ? [...values][0] : undefined;
}

/** A Dockerfile's command runs in each service that is built by it. */
function replicasOf(
  entry: EntryPoint,
  path: string,
  command: CommandFact,
  { code }: Facts,
): readonly { readonly replicas: number; readonly deployment: string }[] {
  const own = code.files.get(path)?.places.find(({ label }) => label === command.by)?.replicas;
  if (code.files.get(path)?.language !== 'dockerfile') return [{ replicas: own ?? 1, deployment: path }];
  const services: { replicas: number; deployment: string }[] = [];
  for (const [compose, { places, commands }] of code.files) {
    for (const { label, build, dockerfile, replicas } of places) {
      if (build === undefined || join(folderOf(compose), build, dockerfile ?? 'Dockerfile') !== path) continue;
      // The service's own command takes the place of the Dockerfile's.
      if (commands.some(({ by }) => by === label)) continue;
      services.push({ replicas: replicas ?? 1, deployment: compose });
    }
  }
  return services.length > 0 ? services : [{ replicas: 1, deployment: entry.from?.path ?? path }];
}

function join(...parts: readonly string[]): string {
  const out: string[] = [];
  for (const part of parts.join('/').split('/')) {
    if (part === '..') out.pop();
    else if (part !== '.' && part !== '') out.push(part);
  }
  return out.join('/');
}

function folderOf(path: string): string {
  const cut = path.lastIndexOf('/');
  return cut < 0 ? '' : path.slice(0, cut);
}
