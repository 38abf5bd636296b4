/** Compose files: each service is a place with its mounts, variables and commands. `${X:-d}` stays as written. */
import {
  addText,
  at,
  bare,
  type ConfigEntry,
  type ConfigMap,
  type ConfigNode,
  entriesOf,
  itemsOf,
  strings,
  textOf,
} from '../config-tree.ts';
import type { Draft } from '../empty-facts.ts';
import type { PlaceFact, Span } from '../facts.ts';
import { addScript } from '../shell/add-script.ts';
import { shortMount } from '../shell/containers.ts';
import { execForm } from '../shell/exec-form.ts';
import { joined, partOf, type WrittenText } from '../written-text.ts';

type Mount = NonNullable<PlaceFact['mounts']>[number];

const SERVICE_KEY =
  /^(?:image|build|command|environment|env_file|volumes|ports|extends|depends_on|container_name|entrypoint|restart|networks|deploy|profiles|working_dir|healthcheck|labels|user|logging|tty|expose)$/;

/** `services:` with maps that have a service's keys; in a CI file services lie deeper. */
export function isCompose(root: ConfigNode): root is ConfigMap {
  return entriesOf(at(root, 'services')).some(({ value }) => entriesOf(value).some(({ key }) => SERVICE_KEY.test(key)));
}

export function addCompose(facts: Draft, root: ConfigMap): void {
  const volumes = boundVolumes(at(root, 'volumes'));
  for (const service of entriesOf(at(root, 'services'))) {
    if (service.value.k === 'map') addService(facts, service, service.value, volumes);
  }
  const include = at(root, 'include');
  for (const item of include?.k === 'list' ? include.items : include === undefined ? [] : [include]) {
    for (const path of [...strings(item), ...strings(at(item, 'path'))]) {
      facts.references.push({ target: path.v, kind: 'include', at: bare(path) });
    }
  }
  for (const holder of [at(root, 'secrets'), at(root, 'configs')]) {
    for (const { value } of entriesOf(holder)) {
      const file = at(value, 'file');
      if (file?.k === 'text') facts.references.push({ target: file.v, kind: 'config', at: bare(file) });
    }
  }
}

/** Named volumes that are a folder of the host after all: `driver_opts: { o: bind, device: ./data }`. */
function boundVolumes(volumes: ConfigNode | undefined): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const { key, value } of entriesOf(volumes)) {
    const options = at(value, 'driver_opts');
    const device = textOf(at(options, 'device'));
    if (device !== undefined && /bind/.test(textOf(at(options, 'o')) ?? '')) found.set(key, device);
  }
  return found;
}

function addService(
  facts: Draft,
  { key, keyAt }: ConfigEntry,
  node: ConfigMap,
  volumes: ReadonlyMap<string, string>,
): void {
  const by = `service ${key}`;
  const build = at(node, 'build');
  const context = build?.k === 'map' ? (textOf(at(build, 'context')) ?? '.') : textOf(build);
  const folder = at(node, 'working_dir');
  const workdir = textOf(folder);
  const base = at(node, 'extends');
  const extended = base?.k === 'map' ? textOf(at(base, 'service')) : textOf(base);
  const replicas = Number(textOf(at(node, 'deploy', 'replicas')) ?? textOf(at(node, 'scale')) ?? Number.NaN);
  const dockerfile = textOf(at(build, 'dockerfile'));
  const target = textOf(at(build, 'target'));
  const image = textOf(at(node, 'image'));
  const container = textOf(at(node, 'container_name'));
  const envFiles = envFilesOf(at(node, 'env_file'));
  const mounts = mountsOf(at(node, 'volumes'), volumes);
  facts.places.push({
    label: by,
    at: [keyAt[0], node.at[1], keyAt[2]],
    ...(context === undefined ? {} : { build: context }),
    ...(dockerfile === undefined ? {} : { dockerfile }),
    ...(target === undefined ? {} : { target }),
    ...(image === undefined ? {} : { image }),
    ...(container === undefined ? {} : { container }),
    ...(extended === undefined ? {} : { from: `service ${extended}` }),
    ...(workdir === undefined ? {} : { workdir }),
    ...(folder === undefined || workdir === undefined ? {} : { workdirAt: folder.at }),
    ...(envFiles.length === 0 ? {} : { envFiles }),
    ...(mounts.length === 0 ? {} : { mounts }),
    ...(Number.isInteger(replicas) ? { replicas } : {}),
  });
  const file = at(base, 'file');
  if (file?.k === 'text') facts.references.push({ target: file.v, kind: 'include', at: bare(file) });
  for (const { path, at: span } of envFiles) facts.references.push({ target: path, kind: 'config', at: span });
  for (const item of itemsOf(at(node, 'volumes'))) addMountText(facts, item);
  addVariables(facts, at(node, 'environment'), by);
  addVariables(facts, at(build, 'args'), `build ${key}`);
  const options = { by, ...(workdir === undefined ? {} : { cwd: workdir }) };
  const script = startOf(at(node, 'entrypoint'), at(node, 'command'));
  if (script !== undefined) addScript(facts, script, options);
  const health = at(node, 'healthcheck', 'test');
  const test = healthScript(health);
  if (test !== undefined) addScript(facts, test, { ...options, by: `health ${key}` });
}

/** `A: 1`, `A:` (passed through), `- A=1`, `- A`. */
export function addVariables(facts: Draft, node: ConfigNode | undefined, by: string): void {
  for (const { key, keyAt, value } of entriesOf(node)) {
    const given = textOf(value);
    const span: Span =
      value.k === 'null' ? keyAt : value.at[0] >= keyAt[1] ? [keyAt[0], value.at[1], keyAt[2]] : value.at;
    if (given === undefined && value.k !== 'null') continue;
    facts.variables.push({ name: key, value: given ?? null, at: span, by });
    if (value.k === 'text') addText(facts, value.v, value.at);
  }
  for (const item of itemsOf(node)) {
    if (item.k !== 'text') continue;
    const equals = item.v.indexOf('=');
    const name = equals === -1 ? item.v : item.v.slice(0, equals);
    if (!/^[\w.-]+$/.test(name)) continue;
    facts.variables.push({ name, value: equals === -1 ? null : item.v.slice(equals + 1), at: item.at, by });
    if (equals !== -1) addText(facts, item.v.slice(equals + 1), item.written().span(equals + 1, item.v.length));
  }
}

function envFilesOf(node: ConfigNode | undefined): { path: string; at: Span }[] {
  const items = node?.k === 'list' ? node.items : node === undefined ? [] : [node];
  return items.flatMap((item) => {
    const path = item.k === 'map' ? at(item, 'path') : item;
    return path?.k === 'text' ? [{ path: path.v, at: bare(path) }] : [];
  });
}

/** A store that is mounted as a single file (trap S20). */
function addMountText(facts: Draft, item: ConfigNode): void {
  const source = item.k === 'map' ? at(item, 'source') : item;
  if (source?.k !== 'text') return;
  const mount = item.k === 'text' ? shortMount(item.v) : { source: source.v };
  if (mount === undefined || mount.source === source.v) addText(facts, source.v, source.at);
  else addText(facts, mount.source, source.written().span(0, mount.source.length));
}

function mountsOf(node: ConfigNode | undefined, volumes: ReadonlyMap<string, string>): Mount[] {
  return itemsOf(node).flatMap((item): Mount[] => {
    if (item.k === 'text') {
      const mount = shortMount(item.v);
      if (mount === undefined) return [];
      const readOnly = /:(?:[\w,]*,)?ro(?:,[\w,]*)?$/.test(item.v) ? { readOnly: true as const } : {};
      return [{ ...bound(mount, volumes), ...readOnly, at: item.at }];
    }
    const type = textOf(at(item, 'type'));
    const source = textOf(at(item, 'source') ?? at(item, 'src'));
    const target = textOf(at(item, 'target') ?? at(item, 'destination') ?? at(item, 'dst'));
    if (source === undefined || target === undefined || (type !== 'bind' && type !== 'volume')) return [];
    const readOnly = textOf(at(item, 'read_only')) === 'true' ? { readOnly: true as const } : {};
    const mount = type === 'bind' ? { source, target } : { source, target, named: true as const };
    return [{ ...bound(mount, volumes), ...readOnly, at: item.at }];
  });
}

function bound(
  mount: { source: string; target: string; named?: true },
  volumes: ReadonlyMap<string, string>,
): { source: string; target: string; named?: true } {
  const device = mount.named ? volumes.get(mount.source) : undefined;
  return device === undefined ? mount : { source: device, target: mount.target };
}

/** The entry point with the command behind it, as the container would start it. */
export function startOf(entry: ConfigNode | undefined, command: ConfigNode | undefined): WrittenText | undefined {
  const first = scriptOf(entry);
  const second = scriptOf(command);
  if (first === undefined || second === undefined) return first ?? second;
  return joined([first, ' ', second]);
}

/** A list of words, or a line that is split as a shell would; `$$` is a `$` that compose leaves alone. */
export function scriptOf(node: ConfigNode | undefined): WrittenText | undefined {
  if (node?.k === 'text') return node.v === '' ? undefined : single(node.written());
  const words = itemsOf(node).flatMap((item) => {
    if (item.k === 'text') return [single(item.written())];
    return item.k === 'plain' ? [{ text: item.v, span: () => item.at }] : [];
  });
  return words.length === 0 ? undefined : execForm(words);
}

function single(written: WrittenText): WrittenText {
  const parts: WrittenText[] = [];
  let from = 0;
  for (let at = written.text.indexOf('$$'); at !== -1; at = written.text.indexOf('$$', from)) {
    parts.push(partOf(written, from, at + 1));
    from = at + 2;
  }
  if (parts.length === 0) return written;
  parts.push(partOf(written, from, written.text.length));
  return joined(parts);
}

/** `["CMD", "a", "b"]`, `["CMD-SHELL", "a || b"]`, or a line. */
function healthScript(node: ConfigNode | undefined): WrittenText | undefined {
  const [first, second, ...rest] = strings(node);
  if (node?.k === 'text') return scriptOf(node);
  if (first === undefined || second === undefined || first.v === 'NONE') return undefined;
  if (first.v === 'CMD-SHELL') return single(second.written());
  return execForm([second, ...rest].map((word) => single(word.written())));
}
