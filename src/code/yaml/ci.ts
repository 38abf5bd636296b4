/** CI files: the jobs of GitHub Actions and GitLab by their rules, those of all others by the keys that hold scripts. */
import { at, bare, type ConfigMap, type ConfigNode, entriesOf, itemsOf, strings, textOf } from '../config-tree.ts';
import type { Draft } from '../empty-facts.ts';
import { addScript } from '../shell/add-script.ts';
import { joinFolder } from '../shell/folders.ts';
import { storesInText } from '../shell/program-files.ts';
import { joined, type WrittenText } from '../written-text.ts';
import { addVariables, scriptOf } from './compose.ts';
import { type Combination, combinationsOf, fill, forEach } from './matrix.ts';

export const isActions = (root: ConfigNode): root is ConfigMap =>
  entriesOf(at(root, 'jobs')).some(
    ({ value }) =>
      at(value, 'steps')?.k === 'list' && (at(value, 'runs-on') !== undefined || at(root, 'on') !== undefined),
  ) || at(root, 'runs', 'steps')?.k === 'list';

export function addActions(facts: Draft, root: ConfigMap): void {
  addVariables(facts, at(root, 'env'), '');
  const folder = textOf(at(root, 'defaults', 'run', 'working-directory'));
  for (const { key, value } of entriesOf(at(root, 'jobs'))) {
    const by = `job ${key}`;
    addVariables(facts, at(value, 'env'), by);
    const own = textOf(at(value, 'defaults', 'run', 'working-directory')) ?? folder;
    const combinations = combinationsOf(at(value, 'strategy', 'matrix'));
    for (const step of itemsOf(at(value, 'steps'))) addStep(facts, step, by, own, combinations);
  }
  // An action of the project's own.
  for (const step of itemsOf(at(root, 'runs', 'steps'))) addStep(facts, step, 'job action', folder, [new Map()]);
}

function addStep(
  facts: Draft,
  step: ConfigNode,
  by: string,
  folder: string | undefined,
  combinations: readonly Combination[],
): void {
  const uses = at(step, 'uses');
  if (uses?.k === 'text' && uses.v.startsWith('./'))
    facts.references.push({ target: uses.v, kind: 'include', at: bare(uses) });
  const run = at(step, 'run');
  if (run?.k !== 'text') return;
  const shell = textOf(at(step, 'shell')) ?? 'bash';
  const cwd = textOf(at(step, 'working-directory')) ?? folder;
  // The folder and the variables may hold the matrix' holes as well: one reading per combination that differs.
  const env = entriesOf(at(step, 'env')).flatMap(({ key, value }) => {
    const given = textOf(value);
    return given === undefined ? [] : [[key, given] as const];
  });
  const around = JSON.stringify([cwd, env]);
  const readings = around.includes('matrix.')
    ? combinations.flatMap((combination) =>
        forEach(run.written(), [combination]).map(({ script }) => ({ script, combination })),
      )
    : forEach(run.written(), combinations);
  const seen = new Set<string>();
  for (const { script, combination } of readings) {
    const place = cwd === undefined ? {} : { cwd: fill(cwd, combination) };
    const own = Object.fromEntries(env.map(([key, value]) => [key, fill(value, combination)]));
    const key = JSON.stringify([script.text, place, own]);
    if (seen.has(key)) continue;
    seen.add(key);
    if (/^(?:python|node|pwsh|powershell|cmd)/.test(shell)) embedded(facts, script);
    else addScript(facts, script, { by, env: own, ...place });
  }
  for (const { value } of entriesOf(at(step, 'env'))) addTextsOf(facts, value);
  for (const { value } of entriesOf(at(step, 'with'))) addTextsOf(facts, value);
}

function addTextsOf(facts: Draft, value: ConfigNode): void {
  if (value.k === 'text') embedded(facts, value.written());
}

/** Code of another language in a block: only the stores that it names are taken. */
function embedded(facts: Draft, script: WrittenText): void {
  storesInText(facts, script, 0, script.text.length);
}

const SCRIPTS = ['before_script', 'script', 'after_script'] as const;

export const isGitlab = (root: ConfigNode): root is ConfigMap =>
  root.k === 'map' &&
  root.entries.some(({ value }) => at(value, 'script') !== undefined && strings(at(value, 'script')).length > 0) &&
  (at(root, 'stages') !== undefined ||
    root.entries.some(({ value }) => at(value, 'stage') !== undefined || at(value, 'image') !== undefined));

export function addGitlab(facts: Draft, root: ConfigMap): void {
  addVariables(facts, plainVariables(at(root, 'variables')), '');
  const shared = at(root, 'before_script') ?? at(root, 'default', 'before_script');
  for (const { key, value } of root.entries) {
    if (value.k !== 'map' || key === 'default' || key === 'variables') continue;
    const by = `job ${key}`;
    addVariables(facts, plainVariables(at(value, 'variables')), by);
    if (at(value, 'script') === undefined) continue;
    // One shell runs the part before and the script: its folder holds on.
    const parts: (WrittenText | string)[] = [];
    for (const name of SCRIPTS) {
      const node = at(value, name) ?? (name === 'before_script' ? shared : undefined);
      for (const line of deepStrings(node)) parts.push(line.written(), '\n');
    }
    addScript(facts, joined(parts), { by });
  }
}

/** `A: { value: 1, description: … }` is `A: 1`. */
function plainVariables(node: ConfigNode | undefined): ConfigNode | undefined {
  if (node?.k !== 'map') return node;
  const entries = node.entries.map((entry) => ({ ...entry, value: at(entry.value, 'value') ?? entry.value }));
  return { ...node, entries };
}

/** Scripts may be lists in lists (`!reference`, anchors). */
function deepStrings(node: ConfigNode | undefined, depth = 0): readonly Extract<ConfigNode, { k: 'text' }>[] {
  if (node?.k === 'text') return [node];
  return depth > 10 ? [] : itemsOf(node).flatMap((item) => deepStrings(item, depth + 1));
}

const RUNS =
  /^(?:run|script|command|commands|cmd|cmds|bash|shell|before_install|install|before_script|after_script|startCommand|buildCommand|preDeployCommand|initialDeployHook|build_command|run_command|start_command|ansible\.builtin\.(?:shell|command))$/;
const FOLDERS = [
  'working_directory',
  'workingDirectory',
  'working-directory',
  'workdir',
  'rootDir',
  'source_dir',
  'chdir',
  'dir',
  'cwd',
];
const MAX_NODES = 50_000;

/** Any map that has something to run. Its label is the nearest key above, or its `name`. */
export function addOther(facts: Draft, root: ConfigNode): void {
  const stack: { node: ConfigNode; label: string }[] = [{ node: root, label: '' }];
  const seen = new Set<ConfigNode>();
  let budget = MAX_NODES;
  while (stack.length > 0 && --budget > 0) {
    const { node, label } = stack.pop() as (typeof stack)[number];
    if (seen.has(node)) continue;
    seen.add(node);
    if (node.k === 'list') for (const item of [...node.items].reverse()) stack.push({ node: item, label });
    if (node.k !== 'map') continue;
    const by = `job ${textOf(at(node, 'name')) ?? label}`;
    const folder = FOLDERS.map((key) => textOf(at(node, key))).find((path) => path !== undefined);
    const place = folder === undefined ? {} : { cwd: joinFolder(undefined, folder) };
    for (const { key, value } of [...node.entries].reverse()) {
      if (value.k === 'map' || (value.k === 'list' && !RUNS.test(key)))
        stack.push({ node: value, label: /^(?:steps|jobs|tasks|services)$/.test(key) ? label : key });
    }
    for (const { key, value } of node.entries) {
      if (!RUNS.test(key)) continue;
      for (const item of itemsOf(value)) if (item.k === 'map') stack.push({ node: item, label });
      const lines = deepStrings(value);
      if (lines.length === 0 || (key === 'shell' && !/\s/.test(lines[0]?.v ?? ''))) continue;
      // `command: [python, app.py]` is one command; `script: [...]` one per item.
      const words = value.k === 'list' && key === 'command' && lines.every(({ v }) => !/\s/.test(v));
      const script = words ? scriptOf(value) : joined(lines.flatMap((line) => [line.written(), '\n']));
      if (script !== undefined) addScript(facts, script, { by, ...place });
    }
    for (const key of ['environment', 'env', 'variables', 'envVars', 'env_variables'])
      addVariables(facts, named(at(node, key)), label === '' ? '' : by);
  }
}

/** `- { name: A, value: 1 }`, `- { key: A, value: 1 }` as a map. */
export function named(node: ConfigNode | undefined): ConfigNode | undefined {
  if (node?.k !== 'list' || !node.items.some((item) => item.k === 'map')) return node;
  const entries = node.items.flatMap((item) => {
    const key = at(item, 'name') ?? at(item, 'key');
    const value = at(item, 'value');
    return key?.k === 'text' && value !== undefined ? [{ key: key.v, keyAt: key.at, value }] : [];
  });
  return { k: 'map', entries, at: node.at };
}
