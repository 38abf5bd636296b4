/** Kubernetes objects, lightly: containers with what they start, their variables and mounts; the data of config maps. */
import { at, type ConfigMap, type ConfigNode, entriesOf, itemsOf, textOf } from '../config-tree.ts';
import type { Draft } from '../empty-facts.ts';
import type { PlaceFact } from '../facts.ts';
import { addScript } from '../shell/add-script.ts';
import { named } from './ci.ts';
import { addVariables, startOf } from './compose.ts';

type Mount = NonNullable<PlaceFact['mounts']>[number];

export const isKubernetes = (root: ConfigNode): root is ConfigMap =>
  textOf(at(root, 'apiVersion')) !== undefined && textOf(at(root, 'kind')) !== undefined;

export function addKubernetes(facts: Draft, root: ConfigMap): void {
  const name = textOf(at(root, 'metadata', 'name')) ?? '';
  if (textOf(at(root, 'kind')) === 'ConfigMap') addVariables(facts, at(root, 'data'), `config ${name}`);
  const stack: ConfigNode[] = [root];
  const seen = new Set<ConfigNode>();
  while (stack.length > 0 && seen.size < 50_000) {
    const node = stack.pop() as ConfigNode;
    if (seen.has(node)) continue;
    seen.add(node);
    for (const item of itemsOf(node)) stack.push(item);
    for (const { value } of entriesOf(node)) stack.push(value);
    for (const key of ['containers', 'initContainers']) {
      for (const container of itemsOf(at(node, key))) addContainer(facts, container, at(node, 'volumes'));
    }
  }
}

function addContainer(facts: Draft, node: ConfigNode, volumes: ConfigNode | undefined): void {
  const by = `container ${textOf(at(node, 'name')) ?? ''}`;
  const workdir = textOf(at(node, 'workingDir'));
  const image = textOf(at(node, 'image'));
  const mounts = itemsOf(at(node, 'volumeMounts')).flatMap((mount): Mount[] => {
    const name = textOf(at(mount, 'name'));
    const path = textOf(at(mount, 'mountPath'));
    if (name === undefined || path === undefined) return [];
    const volume = itemsOf(volumes).find((each) => textOf(at(each, 'name')) === name);
    const host = textOf(at(volume, 'hostPath', 'path'));
    const readOnly = textOf(at(mount, 'readOnly')) === 'true' ? { readOnly: true as const } : {};
    return [
      host === undefined
        ? { source: name, target: path, named: true, ...readOnly, at: mount.at }
        : { source: host, target: path, ...readOnly, at: mount.at },
    ];
  });
  facts.places.push({
    label: by,
    at: node.at,
    ...(image === undefined ? {} : { image }),
    ...(workdir === undefined ? {} : { workdir }),
    ...(mounts.length === 0 ? {} : { mounts }),
  });
  addVariables(facts, named(at(node, 'env')), by);
  const script = startOf(at(node, 'command'), at(node, 'args'));
  if (script !== undefined) addScript(facts, script, { by, ...(workdir === undefined ? {} : { cwd: workdir }) });
}
