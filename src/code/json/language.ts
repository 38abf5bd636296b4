/** JSON settings: package.json and its like by what they mean, all others as dotted settings. */
import { addSettings, at, bare, type ConfigNode, entriesOf, itemsOf } from '../config-tree.ts';
import { type Draft, emptyFacts } from '../empty-facts.ts';
import type { FileFacts, Language } from '../facts.ts';
import { addScript } from '../shell/add-script.ts';
import { linesOf } from '../text-lines.ts';
import { readJsonc } from './jsonc.ts';
import { addCommands, addPackage } from './package-json.ts';

const MAX_UNITS = 4_000_000;
const baseOf = (name: string): string => name.slice(name.lastIndexOf('/') + 1);

function read(text: string, name: string): FileFacts {
  const lines = linesOf(text);
  const base = baseOf(name).toLowerCase();
  const facts = emptyFacts('json', 'structure', lines.count);
  if (text.length > MAX_UNITS) {
    return { ...facts, read: 'none', problem: `too large for a settings file: ${text.length} characters` };
  }
  const { root, problem } = readJsonc(text, lines);
  if (at(root, 'lockfileVersion') !== undefined)
    return { ...facts, read: 'none', problem: 'a lock file', generated: true };
  if (root !== undefined) addRoot(facts, root, base);
  return problem === undefined ? facts : { ...facts, read: 'tokens', problem };
}

function addRoot(facts: Draft, root: ConfigNode, base: string): void {
  const manifest = base === 'package.json' || base === 'composer.json';
  if (manifest) addPackage(facts, root);
  else addCommands(facts, root, base);
  if (base === 'launch.json') addLaunch(facts, root);
  if (base.startsWith('ecosystem')) addProcesses(facts, root);
  // Names and versions of packages are no modules of ours, and what was read above is not said twice.
  const read =
    /^(?:scripts|dependencies|(?:dev|peer|optional|bundled?)dependencies|peerdependenciesmeta|require|require-dev|overrides|resolutions|engines|main|module|browser|types|typings|bin|exports|imports|files|keywords|author|license|repository|bugs|homepage|description|workspaces|prisma\.seed|nodemonconfig\.exec|tasks)(?:\.|$)/i;
  addSettings(facts, root, manifest ? (key) => read.test(key) && !key.startsWith('workspaces') : () => false);
}

/** An editor's launch configurations: how a person starts the programs. */
function addLaunch(facts: Draft, root: ConfigNode): void {
  for (const entry of itemsOf(at(root, 'configurations'))) {
    const program = at(entry, 'program');
    const module = at(entry, 'module');
    const cwd = at(entry, 'cwd');
    const label = at(entry, 'name');
    const by = `script ${label?.k === 'text' ? label.v : 'launch'}`;
    const env: Record<string, string> = {};
    for (const { key, value } of entriesOf(at(entry, 'env'))) if (value.k === 'text') env[key] = value.v;
    const args = itemsOf(at(entry, 'args')).flatMap((arg) => (arg.k === 'text' || arg.k === 'plain' ? [arg.v] : []));
    const place = cwd?.k === 'text' ? { cwd: local(cwd.v) } : {};
    if (program?.k === 'text') {
      const tool = at(entry, 'type');
      const first = tool?.k === 'text' && /python|debugpy/.test(tool.v) ? 'python' : 'node';
      facts.commands.push({ by, words: [first, local(program.v), ...args], env, ...place, at: program.at, weak: true });
      facts.references.push({ target: local(program.v), kind: 'script', at: bare(program) });
    } else if (module?.k === 'text') {
      facts.commands.push({ by, words: ['python', '-m', module.v, ...args], env, ...place, at: module.at, weak: true });
      facts.imports.push({ module: module.v, names: [], kind: 'text', scope: 0, at: bare(module) });
    }
  }
}

/** The editor's folder is the project's; the file itself lies in `.vscode/`. */
const local = (path: string): string => path.replace(/^\$\{workspace(?:Folder|Root)\}/, '..');

/** pm2: `apps: [{ name, script, cwd, args, env }]`. */
function addProcesses(facts: Draft, root: ConfigNode): void {
  const apps = at(root, 'apps') ?? root;
  for (const app of apps.k === 'list' ? apps.items : [apps]) {
    const script = at(app, 'script');
    if (script?.k !== 'text') continue;
    const name = at(app, 'name');
    const cwd = at(app, 'cwd');
    const env: Record<string, string> = {};
    for (const { key, value } of entriesOf(at(app, 'env'))) {
      if (value.k === 'text' || value.k === 'plain') env[key] = value.v;
    }
    const by = `service ${name?.k === 'text' ? name.v : script.v}`;
    addScript(facts, script.written(), { by, env, ...(cwd?.k === 'text' ? { cwd: cwd.v } : {}) });
  }
}

export const json: Language = { id: 'json', outline: read, structure: read };
