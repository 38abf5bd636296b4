/**
 * Commands that run inside a container: `docker compose exec -e A=1 web flask db upgrade` runs in service `web`, with
 * that service's folders and variables and not with those of the shell that says it.
 */
import type { CommandFact, PlaceFact } from '../facts.ts';
import type { Word } from './words.ts';
import { baseName, type Simple } from './wrappers.ts';

/** Options of docker, podman, compose and kubectl that take a value. Others are flags. */
const VALUED = new Set(
  `-f --file -p --project-name --project-directory --profile --env-file --ansi --parallel -H --host --context -c --config -l
  --log-level -w --workdir -e --env -u --user --index --name -v --volume --mount --network --net --entrypoint -h --hostname
  --publish --expose --restart --memory -m --cpus --platform --label --add-host --link --dns --cap-add --device --gpus
  --ulimit --shm-size --log-driver --log-opt --pull --detach-keys --cidfile --pid --ipc --security-opt --tmpfs --volumes-from
  --network-alias --ip --health-cmd --stop-signal --userns --runtime --isolation --scale -n --namespace --container`.split(
    /\s+/,
  ),
);
const ASKS = new Set(['exec', 'run']);

export interface InContainer {
  readonly simple: Simple;
  readonly place?: {
    readonly label: string;
    readonly image?: string;
    readonly mounts: readonly string[];
    readonly envFiles: readonly string[];
  };
}

/** What runs in the container; `null`: an exec or run of the image's own command; `undefined`: no such command. */
export function insideContainer(simple: Simple): InContainer | null | undefined {
  const values = simple.words.map((word) => word.value);
  const tool = baseName(values[0] ?? '');
  let index = 1;
  const compose = tool === 'docker-compose' || tool === 'podman-compose';
  if (!compose && tool !== 'docker' && tool !== 'podman' && tool !== 'kubectl' && tool !== 'nerdctl') return undefined;
  let inCompose = compose;
  let verb = '';
  // Options may stand before and after `compose`.
  while (index < values.length && verb === '') {
    const word = values[index] as string;
    if (word.startsWith('-')) index += VALUED.has(word) ? 2 : 1;
    else if (word === 'compose' && !compose) {
      inCompose = true;
      index++;
    } else if (word === 'container' && !inCompose) index++;
    else if (ASKS.has(word)) {
      verb = word;
      index++;
    } else return undefined;
  }
  if (verb === '') return undefined;
  const env: Record<string, string> = {};
  const mounts: string[] = [];
  const envFiles: string[] = [];
  let cwd: string | undefined;
  let name: string | undefined;
  let entry: Word | undefined;
  for (; index < values.length; index++) {
    let word = values[index] as string;
    if (word === '--' || !word.startsWith('-')) break;
    let value: string | undefined;
    const equals = word.indexOf('=');
    if (word.startsWith('--') && equals !== -1) {
      value = word.slice(equals + 1);
      word = word.slice(0, equals);
    } else if (VALUED.has(word) || (verb === 'run' && !inCompose && word === '-p') || /^-[a-zA-Z]*[ewvu]$/.test(word)) {
      value = values[++index];
      if (!word.startsWith('--')) word = `-${word.at(-1)}`;
    }
    if (value === undefined) continue;
    if (word === '-e' || word === '--env') {
      const split = value.indexOf('=');
      if (split > 0) env[value.slice(0, split)] = value.slice(split + 1);
    } else if (word === '-w' || word === '--workdir') cwd = value;
    else if (word === '-v' || word === '--volume' || word === '--mount') mounts.push(value);
    else if (word === '--env-file') envFiles.push(value);
    else if (word === '--name') name = value;
    else if (word === '--entrypoint') entry = simple.words[index];
  }
  const target = values[index++];
  if (target === undefined) return null;
  if (values[index] === '--') index++;
  const words = simple.words.slice(index);
  const all = entry === undefined ? words : [entry, ...words];
  const own = verb === 'run' && !inCompose;
  const label = own || tool === 'kubectl' ? `container ${name ?? target}` : `service ${target}`;
  const inside: Simple = { words: all, env, cwd, envFiles: inCompose ? [] : [], by: label };
  if (!own) return all.length === 0 ? null : { simple: inside };
  return { simple: inside, place: { label, image: target, mounts, envFiles } };
}

/** A place for `docker run`, its mounts as in compose's short syntax. */
export function placeOf(
  found: NonNullable<InContainer['place']>,
  workdir: string | undefined,
  at: CommandFact['at'],
): PlaceFact {
  const mounts = found.mounts.flatMap((mount) => {
    const parsed = mount.includes('target=') || mount.includes('dst=') ? longMount(mount) : shortMount(mount);
    return parsed === undefined ? [] : [{ ...parsed, at }];
  });
  return {
    label: found.label,
    at,
    ...(found.image === undefined ? {} : { image: found.image }),
    ...(workdir === undefined ? {} : { workdir }),
    ...(mounts.length === 0 ? {} : { mounts }),
    ...(found.envFiles.length === 0 ? {} : { envFiles: found.envFiles.map((path) => ({ path, at })) }),
  };
}

/** `./data:/app/data:ro`, `C:\data:/data`, `data:/var/lib/x` (named), `${DIR:-./data}:/data`. */
export function shortMount(text: string): { source: string; target: string; named?: true } | undefined {
  const parts: string[] = [];
  let depth = 0;
  let from = 0;
  for (let index = 0; index < text.length; index++) {
    const unit = text[index];
    if (unit === '{' || unit === '(') depth++;
    else if ((unit === '}' || unit === ')') && depth > 0) depth--;
    else if (
      unit === ':' &&
      depth === 0 &&
      !(index === from + 1 && /[A-Za-z]/.test(text[from] as string) && /[\\/]/.test(text[index + 1] ?? ''))
    ) {
      parts.push(text.slice(from, index));
      from = index + 1;
    }
  }
  parts.push(text.slice(from));
  const [source, target] = parts;
  if (source === undefined || target === undefined || source === '' || target === '') return undefined;
  // A Windows drive is no volume's name, and what starts with an expansion is taken for a path.
  const named = /^[A-Za-z0-9][\w.-]*$/.test(source);
  return named ? { source, target, named: true } : { source, target };
}

function longMount(text: string): { source: string; target: string; named?: true } | undefined {
  const fields = new Map(text.split(',').map((field) => field.split('=', 2) as [string, string]));
  const source = fields.get('source') ?? fields.get('src');
  const target = fields.get('target') ?? fields.get('dst') ?? fields.get('destination');
  if (source === undefined || target === undefined) return undefined;
  return fields.get('type') === 'bind' ? { source, target } : { source, target, named: true };
}
