/**
 * Settings files of every format as one tree whose leaves know where they stand; and what is taken from any such tree:
 * dotted settings, texts that may name stores, references to scripts and settings files.
 */
import type { Draft } from './empty-facts.ts';
import type { Span } from './facts.ts';
import { namesStore } from './store-text.ts';
import type { WrittenText } from './written-text.ts';

export type ConfigNode =
  | {
      readonly k: 'text';
      readonly v: string;
      /** With its quotes. */
      readonly at: Span;
      /** Its units and where they stand. */
      readonly written: () => WrittenText;
    }
  /** Numbers, booleans, dates, as spelled. */
  | { readonly k: 'plain'; readonly v: string; readonly at: Span }
  | { readonly k: 'null'; readonly at: Span }
  | { readonly k: 'list'; readonly items: readonly ConfigNode[]; readonly at: Span }
  | ConfigMap;

export interface ConfigMap {
  readonly k: 'map';
  readonly entries: readonly ConfigEntry[];
  readonly at: Span;
}

export interface ConfigEntry {
  readonly key: string;
  readonly keyAt: Span;
  readonly value: ConfigNode;
}

/** The last entry of that name counts, as in every reader. */
export function entryOf(node: ConfigNode | undefined, key: string): ConfigEntry | undefined {
  if (node?.k !== 'map') return undefined;
  for (let index = node.entries.length - 1; index >= 0; index--) {
    if (node.entries[index]?.key === key) return node.entries[index];
  }
  return undefined;
}

/** Walks down maps: `at(node, 'tool', 'poetry', 'scripts')`. */
export function at(node: ConfigNode | undefined, ...keys: readonly string[]): ConfigNode | undefined {
  let here = node;
  for (const key of keys) here = entryOf(here, key)?.value;
  return here;
}

export const entriesOf = (node: ConfigNode | undefined): readonly ConfigEntry[] =>
  node?.k === 'map' ? node.entries : [];

export const itemsOf = (node: ConfigNode | undefined): readonly ConfigNode[] => (node?.k === 'list' ? node.items : []);

/** A leaf as it is spelled; `undefined` for null, lists and maps. */
export const textOf = (node: ConfigNode | undefined): string | undefined =>
  node?.k === 'text' || node?.k === 'plain' ? node.v : undefined;

export const strings = (node: ConfigNode | undefined): readonly Extract<ConfigNode, { k: 'text' }>[] =>
  node?.k === 'text' ? [node] : itemsOf(node).filter((item) => item.k === 'text');

const TELLING_KEY =
  /url|uri|path|file|dir|folder|database|(?:^|[._-])db|dsn|script|module|connection|engine|host|store|storage|schema|backend|settings|root|entry|main|command|class/i;
const SOURCE = /^[^\s*?|<>"'`,;=]*[\w}\])]\.(?:pyw?|[cm]?[jt]sx?|bash|sh|php|sql|rb)$/;
const SETTINGS = /^[^\s*?|<>"'`,;=:]*[\w}]\.(?:ya?ml|ini|toml|cfg|conf|prisma|env)$|(?:^|\/)\.env(?:\.[\w.-]+)?$/;
const MODULE = /^[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)+(?::[A-Za-z_]\w*)?$/;
const MAX_SETTINGS = 20_000;
const MAX_DEPTH = 60;

/** A text as fact, if it may name a store. */
export function addText(facts: Draft, v: string, span: Span): void {
  if (!namesStore(v)) return;
  facts.texts.push({ v, at: span, scope: 0, ...(/[{$%]/.test(v) ? { holes: true as const } : {}) });
}

/** `run.py`, `./config/x.yaml`: a path that a value names. */
export function addReference(facts: Draft, target: string, span: Span): void {
  if (target.length > 300 || /^[a-z][\w+.-]*:\/\//i.test(target)) return;
  if (SOURCE.test(target)) facts.references.push({ target, kind: 'script', at: span });
  else if (SETTINGS.test(target)) facts.references.push({ target, kind: 'config', at: span });
}

/** Span of a text without the quotes around it. */
export function bare(node: Extract<ConfigNode, { k: 'text' }>): Span {
  const written = node.written();
  return written.span(0, written.text.length);
}

/** Everything below `root` that may name a store, a module or a script. `skip`: dotted keys that were read otherwise. */
export function addSettings(facts: Draft, root: ConfigNode, skip: (key: string) => boolean = () => false): void {
  const list: Setting[] = [...(facts.settings ?? [])];
  const stack: { key: string; node: ConfigNode; depth: number }[] = [{ key: '', node: root, depth: 0 }];
  let seen = 0;
  while (stack.length > 0 && seen++ < 10 * MAX_SETTINGS && list.length < MAX_SETTINGS) {
    const { key, node, depth } = stack.pop() as (typeof stack)[number];
    if (depth > MAX_DEPTH || (key !== '' && skip(key))) continue;
    if (node.k === 'map') {
      for (let index = node.entries.length - 1; index >= 0; index--) {
        const entry = node.entries[index] as ConfigEntry;
        stack.push({ key: key === '' ? entry.key : `${key}.${entry.key}`, node: entry.value, depth: depth + 1 });
      }
    } else if (node.k === 'list') {
      for (let index = node.items.length - 1; index >= 0; index--) {
        stack.push({ key: `${key}.${index}`, node: node.items[index] as ConfigNode, depth: depth + 1 });
      }
    } else if (node.k === 'text') {
      addSetting(facts, list, key, node);
    }
  }
  if (list.length > 0) facts.settings = list;
}

type Setting = NonNullable<Draft['settings']>[number];

function addSetting(facts: Draft, list: Setting[], key: string, node: Extract<ConfigNode, { k: 'text' }>): void {
  const { v } = node;
  if (v.length === 0 || v.length > 500) return;
  const store = namesStore(v);
  if (store) addText(facts, v, node.at);
  const path = SOURCE.test(v) || SETTINGS.test(v);
  if (path) addReference(facts, v, bare(node));
  if (store || path || MODULE.test(v) || (TELLING_KEY.test(key) && !v.includes('\n')))
    list.push({ key, v, at: node.at });
}
