/** TOML settings: what pyproject.toml and Pipfile say of programs and tasks, everything else as dotted settings. */
import { parse } from 'smol-toml';
import {
  addSettings,
  addText,
  at,
  bare,
  type ConfigMap,
  type ConfigNode,
  entriesOf,
  itemsOf,
  strings,
  textOf,
} from '../config-tree.ts';
import { type Draft, emptyFacts } from '../empty-facts.ts';
import { addEntryPoint } from '../entry-points.ts';
import type { FileFacts, Language } from '../facts.ts';
import { addScript } from '../shell/add-script.ts';
import { linesOf } from '../text-lines.ts';
import { readToml } from './read.ts';

const MAX_UNITS = 2_000_000;

function read(text: string, name: string): FileFacts {
  const lines = linesOf(text);
  const facts = emptyFacts('toml', 'structure', lines.count);
  if (text.length > MAX_UNITS) {
    return { ...facts, read: 'none', problem: `too large for a settings file: ${text.length} characters` };
  }
  const root = readToml(text, lines);
  const base = name.slice(name.lastIndexOf('/') + 1).toLowerCase();
  if (base === 'pyproject.toml' || base === 'pipfile') addProject(facts, root);
  addServices(facts, root);
  // Requirements are no modules of ours.
  addSettings(facts, root, (key) =>
    /^(?:project\.(?:dependencies|optional-dependencies|urls|authors|classifiers|license|readme|scripts|gui-scripts|entry-points)|build-system|dependency-groups|(?:dev-)?packages|tool\.poetry\.(?:(?:dev-)?dependencies|group|scripts|plugins))(?:\.|$)/i.test(
      key,
    ),
  );
  const problem = problemOf(text);
  return problem === undefined ? facts : { ...facts, read: 'tokens', problem };
}

function problemOf(text: string): string | undefined {
  try {
    parse(text);
    return undefined;
  } catch (error) {
    const { line, message } = error as { line?: number; message?: string };
    const first = (message ?? 'it does not parse').split('\n')[0]?.replace(/^Invalid TOML document: /, '') ?? '';
    return line === undefined ? first : `line ${line}: ${first}`;
  }
}

function addProject(facts: Draft, root: ConfigMap): void {
  for (const holder of [
    at(root, 'project', 'scripts'),
    at(root, 'project', 'gui-scripts'),
    at(root, 'tool', 'poetry', 'scripts'),
  ]) {
    for (const { key, value } of entriesOf(holder)) {
      const target = value.k === 'map' ? (at(value, 'callable') ?? at(value, 'reference')) : value;
      if (target?.k === 'text') addEntryPoint(facts, key, target.written(), true, target.at);
    }
  }
  for (const holder of [at(root, 'project', 'entry-points'), at(root, 'tool', 'poetry', 'plugins')]) {
    for (const group of entriesOf(holder)) {
      for (const { key, value } of entriesOf(group.value)) {
        if (value.k === 'text') addEntryPoint(facts, key, value.written(), false);
      }
    }
  }
  // Task runners: a text, a list, or a table with the command under one of these names.
  const tasks = [
    ['tool', 'poe', 'tasks'],
    ['tool', 'taskipy', 'tasks'],
    ['tool', 'pdm', 'scripts'],
    ['tool', 'rye', 'scripts'],
    ['tool', 'pixi', 'tasks'],
    ['scripts'],
  ];
  for (const path of tasks) {
    for (const { key, value } of entriesOf(at(root, ...path))) addTask(facts, `script ${key}`, value);
  }
  for (const { key, value } of entriesOf(at(root, 'tool', 'hatch', 'envs'))) {
    for (const script of entriesOf(at(value, 'scripts'))) addTask(facts, `script ${key}:${script.key}`, script.value);
  }
  for (const text of strings(at(root, 'tool', 'pytest', 'ini_options', 'env'))) {
    const [name, given] = text.v.split(/=(.*)/s);
    if (given === undefined || name === undefined) continue;
    facts.variables.push({
      name: name.replace(/^(?:[DR]:)+/, '').trim(),
      value: given.trim(),
      at: text.at,
      by: 'script pytest',
    });
  }
  const settings = at(root, 'tool', 'pytest', 'ini_options', 'DJANGO_SETTINGS_MODULE');
  if (settings?.k === 'text') {
    facts.imports.push({ module: settings.v, names: [], kind: 'text', scope: 0, at: bare(settings) });
  }
}

function addTask(facts: Draft, by: string, value: ConfigNode): void {
  if (value.k === 'map') {
    const cwd = textOf(at(value, 'cwd') ?? at(value, 'working_dir'));
    const env: Record<string, string> = {};
    for (const entry of entriesOf(at(value, 'env'))) {
      const given = textOf(entry.value);
      if (given !== undefined) env[entry.key] = given;
    }
    const place = { by, env, ...(cwd === undefined ? {} : { cwd }) };
    for (const key of ['cmd', 'shell', 'command', 'composite', 'sequence']) {
      for (const text of strings(at(value, key))) addScript(facts, text.written(), place);
    }
    const script = at(value, 'script') ?? at(value, 'call');
    if (script?.k === 'text') addEntryPoint(facts, by.slice('script '.length), script.written(), true, script.at);
    return;
  }
  for (const text of strings(value)) addScript(facts, text.written(), { by });
}

/** Hosting files: fly.toml, netlify.toml, railway.toml, wrangler.toml, nixpacks.toml. */
function addServices(facts: Draft, root: ConfigMap): void {
  const commands: readonly (readonly string[])[] = [
    ['deploy', 'release_command'],
    ['deploy', 'startCommand'],
    ['build', 'command'],
    ['build', 'buildCommand'],
    ['start', 'cmd'],
  ];
  for (const path of commands) {
    const command = at(root, ...path);
    if (command?.k === 'text') addScript(facts, command.written(), { by: `script ${path[0]}` });
  }
  for (const { key, value } of entriesOf(at(root, 'processes'))) {
    if (value.k === 'text') addScript(facts, value.written(), { by: `service ${key}` });
  }
  for (const holder of [at(root, 'env'), at(root, 'vars'), at(root, 'build', 'environment')]) {
    for (const { key, keyAt, value } of entriesOf(holder)) {
      const given = textOf(value);
      if (given === undefined) continue;
      facts.variables.push({ name: key, value: given, at: [keyAt[0], value.at[1], keyAt[2]], by: '' });
      addText(facts, given, value.at);
    }
  }
  const mounts = at(root, 'mounts');
  for (const mount of mounts?.k === 'list' ? itemsOf(mounts) : mounts === undefined ? [] : [mounts]) {
    const source = textOf(at(mount, 'source'));
    const target = textOf(at(mount, 'destination'));
    if (source === undefined || target === undefined) continue;
    facts.places.push({ label: 'service app', at: mount.at, mounts: [{ source, target, named: true, at: mount.at }] });
  }
}

export const toml: Language = { id: 'toml', outline: read, structure: read };
