/** What package.json and composer.json say of how the project runs. */
import { addReference, at, bare, type ConfigNode, entriesOf, strings } from '../config-tree.ts';
import type { Draft } from '../empty-facts.ts';
import { addScript } from '../shell/add-script.ts';

/** Scripts run in the package's folder; `${npm_package_x}` and others stay as written. */
export function addPackage(facts: Draft, root: ConfigNode): void {
  for (const holder of [at(root, 'scripts'), at(root, 'simple-git-hooks'), at(root, 'husky', 'hooks')]) {
    for (const { key, value } of entriesOf(holder)) {
      // composer.json: a list of commands, `@php x`, `@other-script`, `Vendor\\Class::method`.
      for (const text of strings(value)) {
        if (/^[\w\\]+::\w+$/.test(text.v)) continue;
        addScript(facts, composerScript(text), { by: `script ${key}` });
      }
    }
  }
  for (const text of [at(root, 'prisma', 'seed'), at(root, 'nodemonConfig', 'exec')]) {
    if (text?.k === 'text')
      addScript(facts, text.written(), {
        by: text === at(root, 'prisma', 'seed') ? 'script prisma seed' : 'script nodemon',
      });
  }
  for (const key of [
    'main',
    'module',
    'browser',
    'types',
    'typings',
    'bin',
    'exports',
    'imports',
    'files',
    'workspaces',
  ]) {
    addPaths(facts, at(root, key));
  }
}

function composerScript(text: Extract<ConfigNode, { k: 'text' }>): ReturnType<typeof text.written> {
  const written = text.written();
  const prefix = /^@(?=php\b|composer\b)/.exec(text.v)?.[0].length ?? 0;
  if (prefix === 0) return written;
  return { text: written.text.slice(prefix), span: (start, end) => written.span(start + prefix, end + prefix) };
}

/** Every text below, at any depth of conditions. */
function addPaths(facts: Draft, node: ConfigNode | undefined): void {
  const stack: ConfigNode[] = node === undefined ? [] : [node];
  let seen = 0;
  while (stack.length > 0 && seen++ < 5000) {
    const here = stack.pop() as ConfigNode;
    if (here.k === 'map') for (const { value } of here.entries) stack.push(value);
    else if (here.k === 'list') stack.push(...here.items.slice(0, 1000));
    else if (here.k === 'text') addReference(facts, here.v, bare(here));
  }
}

/** nodemon.json, Procfile-like `exec` keys: commands outside of package.json. */
export function addCommands(facts: Draft, root: ConfigNode, name: string): void {
  if (/nodemon/.test(name)) {
    const exec = at(root, 'exec');
    if (exec?.k === 'text') addScript(facts, exec.written(), { by: 'script nodemon' });
    for (const { key, keyAt, value } of entriesOf(at(root, 'env'))) {
      if (value.k !== 'text') continue;
      facts.variables.push({ name: key, value: value.v, at: [keyAt[0], value.at[1], keyAt[2]], by: '' });
    }
  }
  // deno.json: tasks. .vscode/tasks.json is for a person's editor: its commands are weak.
  for (const { key, value } of entriesOf(at(root, 'tasks'))) {
    const command = value.k === 'map' ? at(value, 'command') : value;
    if (command?.k === 'text') addScript(facts, command.written(), { by: `script ${key}` });
  }
}
