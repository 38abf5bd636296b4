/** YAML: compose files, CI, Kubernetes and settings, told apart by what stands in them, not by their names. */
import { addSettings, addText, type ConfigNode } from '../config-tree.ts';
import { type Draft, emptyFacts } from '../empty-facts.ts';
import type { FileFacts, Language, Span } from '../facts.ts';
import { once } from '../shell/add-script.ts';
import { type Lines, linesOf } from '../text-lines.ts';
import { addActions, addGitlab, addOther, isActions, isGitlab } from './ci.ts';
import { addCompose, isCompose } from './compose.ts';
import { addKubernetes, isKubernetes } from './kubernetes.ts';
import { readYaml } from './tree.ts';

/** Above this a YAML file is data or a lock file, and parsing it costs seconds. */
const MAX_UNITS = 1_500_000;

function read(text: string): FileFacts {
  const lines = linesOf(text);
  const facts = emptyFacts('yaml', 'structure', lines.count);
  if (/^(?:#[^\n]*\n)*\s*(?:lockfileVersion:|__metadata:\s)/.test(text.slice(0, 2000))) {
    return { ...facts, read: 'none', problem: 'a lock file', generated: true };
  }
  if (text.length > MAX_UNITS) {
    return { ...facts, read: 'none', problem: `too large for a settings file: ${text.length} characters` };
  }
  const { documents, problem } = readYaml(text, lines);
  for (const root of documents) addDocument(facts, root);
  if (problem !== undefined) addLines(facts, text, lines);
  facts.texts = onePerPlace(facts.texts);
  if (problem !== undefined || text.includes('*')) {
    facts.references = once(facts.references);
    if (facts.settings !== undefined) facts.settings = onePerPlace(facts.settings);
  }
  return problem === undefined ? facts : { ...facts, read: 'tokens', problem };
}

function addDocument(facts: Draft, root: ConfigNode): void {
  if (isCompose(root)) addCompose(facts, root);
  else if (isActions(root)) addActions(facts, root);
  else if (isKubernetes(root)) addKubernetes(facts, root);
  else {
    if (isGitlab(root)) addGitlab(facts, root);
    else addOther(facts, root);
    addSettings(facts, root);
    return;
  }
  addTexts(facts, root);
}

/** Texts that may name a store, wherever they stand. */
function addTexts(facts: Draft, root: ConfigNode): void {
  const stack: ConfigNode[] = [root];
  const seen = new Set<ConfigNode>();
  while (stack.length > 0 && seen.size < 100_000) {
    const node = stack.pop() as ConfigNode;
    if (seen.has(node)) continue;
    seen.add(node);
    if (node.k === 'map') for (const { value } of node.entries) stack.push(value);
    else if (node.k === 'list') for (const item of node.items) stack.push(item);
    else if (node.k === 'text') addText(facts, node.v, node.at);
  }
}

/** One fact per place and text: aliases and the second reading of a broken file say things twice. */
function onePerPlace<T extends { readonly v: string; readonly at: Span }>(items: readonly T[]): T[] {
  const seen = new Set<string>();
  return items
    .filter(({ v, at }) => {
      const key = `${at[2]} ${v}`;
      if (seen.has(key)) return false;
      seen.add(key);
      return true;
    })
    .sort((a, b) => a.at[0] - b.at[0]);
}

/** A template or a broken file: line by line, `key: value` and what may name a store. */
function addLines(facts: Draft, text: string, lines: Lines): void {
  const settings = [...(facts.settings ?? [])];
  facts.settings = settings;
  for (const match of text.matchAll(/^[^\r\n]{1,2000}/gm)) {
    const line = match[0];
    if (/^\s*#/.test(line)) continue;
    for (const word of line.matchAll(/[^\s"'`=,;()<>[\]]{4,400}/g)) {
      const start = match.index + word.index;
      addText(facts, word[0], [start, start + word[0].length, lines.lineAt(start)]);
    }
    const pair = /^[\s-]*([\w.-]+):[ \t]+(["']?)([^"'#\s][^"'#]*?)\2[ \t]*(?:#.*)?$/.exec(line);
    if (pair === null) continue;
    const key = pair[1] as string;
    const v = pair[3] as string;
    if (!/url|path|file|database|db|dsn|script|module/i.test(key) || v.length > 500) continue;
    const start = match.index + line.indexOf(v, line.indexOf(':') + 1);
    settings.push({ key, v, at: [start, start + v.length, lines.lineAt(start)] });
  }
}

export const yaml: Language = { id: 'yaml', outline: read, structure: read };
