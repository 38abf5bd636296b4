/**
 * YAML documents as settings trees with places. Aliases share one node (a document of aliases of aliases stays as small as
 * it is written), merge keys are followed, `${X:-d}` and unknown tags are left as they stand.
 */
import { Composer, type CST, isAlias, isMap, isScalar, isSeq, Parser } from 'yaml';
import type { ConfigEntry, ConfigNode } from '../config-tree.ts';
import type { Span } from '../facts.ts';
import type { Lines } from '../text-lines.ts';
import { scalarText } from './scalar-text.ts';

export interface YamlRead {
  readonly documents: readonly ConfigNode[];
  readonly problem?: string;
}

const MAX_DEPTH = 80;
const MAX_NODES = 300_000;

/** The parser recurses, and takes a bracketed key for a name as long as the file: such a text is not given to it. */
const MAX_BRACKETS = 200;

function bracketsTooDeep(text: string): boolean {
  let depth = 0;
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index);
    if (unit === 91 || unit === 123) {
      if (++depth > MAX_BRACKETS) return true;
    } else if ((unit === 93 || unit === 125) && depth > 0) depth--;
  }
  return false;
}

/** What is broken all over is no YAML: the composer would spend minutes on saying so. */
const MAX_ERRORS = 500;

function* tokensOf(text: string): Generator<CST.Token> {
  let errors = 0;
  for (const token of new Parser().parse(text)) {
    if (token.type === 'error' && ++errors > MAX_ERRORS) throw new Error(`line after line: ${token.message}`);
    yield token;
  }
}

export function readYaml(text: string, lines: Lines): YamlRead {
  if (bracketsTooDeep(text)) return { documents: [], problem: 'its brackets are nested too deep' };
  let problem: string | undefined;
  const documents: ConfigNode[] = [];
  try {
    const options = { uniqueKeys: false, logLevel: 'silent', prettyErrors: false, strict: false } as const;
    for (const document of new Composer(options).compose(tokensOf(text))) {
      const [error] = document.errors;
      if (error !== undefined) problem ??= `line ${lines.lineAt(error.pos[0])}: ${error.message.split('\n')[0]}`;
      const root = convert(document.contents, text, lines);
      if (root !== undefined) documents.push(root);
    }
  } catch (error) {
    // Thousands of brackets in each other are more than the parser's recursion takes.
    problem ??= `it does not parse: ${(error as Error).message}`;
  }
  return { documents, ...(problem === undefined ? {} : { problem }) };
}

function convert(contents: unknown, text: string, lines: Lines): ConfigNode | undefined {
  const anchors = new Map<string, ConfigNode>();
  let budget = MAX_NODES;
  const visit = (node: unknown, depth: number): ConfigNode => {
    if (isAlias(node)) {
      const range = node.range ?? [0, 0, 0];
      return anchors.get(node.source) ?? { k: 'null', at: [range[0], range[1], lines.lineAt(range[0])] };
    }
    const range = (node as { range?: readonly number[] | null } | null)?.range ?? [0, 0, 0];
    const at: Span = [range[0] ?? 0, range[1] ?? 0, lines.lineAt(range[0] ?? 0)];
    if (depth > MAX_DEPTH || --budget < 0) return { k: 'null', at };
    let made: ConfigNode;
    if (isMap(node)) {
      const entries: ConfigEntry[] = [];
      made = { k: 'map', entries, at };
      if (node.anchor) anchors.set(node.anchor, made);
      const merged: ConfigNode[] = [];
      for (const pair of node.items) {
        const key = isScalar(pair.key) ? String(pair.key.source ?? pair.key.value ?? '') : '';
        const keyRange = (pair.key as { range?: readonly number[] } | null)?.range ?? range;
        const keyAt: Span = [keyRange[0] ?? 0, keyRange[1] ?? 0, lines.lineAt(keyRange[0] ?? 0)];
        const value: ConfigNode = pair.value === null ? { k: 'null', at: keyAt } : visit(pair.value, depth + 1);
        if (key === '<<') merged.push(...(value.k === 'list' ? value.items : [value]));
        else entries.push({ key, keyAt, value });
      }
      // What stands in the map itself wins; of merged maps, the first.
      if (merged.length > 0) {
        const own = new Set(entries.map(({ key }) => key));
        const added: ConfigEntry[] = [];
        for (const source of merged) {
          if (source.k !== 'map' || source === made) continue;
          for (const entry of source.entries) {
            if (own.has(entry.key) || --budget < 0) continue;
            own.add(entry.key);
            added.push(entry);
          }
        }
        entries.unshift(...added);
      }
      return made;
    }
    if (isSeq(node)) {
      const items: ConfigNode[] = [];
      made = { k: 'list', items, at };
      if (node.anchor) anchors.set(node.anchor, made);
      for (const item of node.items) items.push(visit(item, depth + 1));
      return made;
    }
    if (isScalar(node)) {
      const { value } = node;
      if (typeof value === 'string')
        made = { k: 'text', v: value, at, written: () => scalarText(text, at, value, lines) };
      else if (value === null || value === undefined) made = { k: 'null', at };
      else made = { k: 'plain', v: node.source ?? String(value), at };
      if (node.anchor) anchors.set(node.anchor, made);
      return made;
    }
    return { k: 'null', at };
  };
  return contents === null || contents === undefined ? undefined : visit(contents, 0);
}
