/**
 * Typed reading of YAML nodes: every mistake is an error with line and column and the word that was probably meant. Values are not
 * expanded (`toJS` is never called), so that anchors cannot blow up; an alias stands for the node that it names.
 */
import { Alias, isMap, isScalar, isSeq, LineCounter, type Node, parseDocument, type YAMLMap } from 'yaml';
import { nearest } from '../config/nearest.ts';
import { DesprawlError } from '../errors.ts';

export interface YamlReader {
  readonly root: Node | null;
  /** Throws `DSP-PLAN-INVALID`, naming the place of a node, or the beginning of the file. */
  fail(node: Node | null | undefined, what: string, hint?: string): never;
  /** Key → its node and value; every key must be one of `known`. */
  map(node: Node | null, what: string, known: readonly string[]): ReadonlyMap<string, Entry>;
  list(node: Node | null, what: string): readonly Node[];
  /** `null`: there is no value. A number or a flag is what is written. */
  text(node: Node | null, what: string): string | null;
  flag(node: Node | null, what: string): boolean | null;
  number(node: Node | null, what: string): number | null;
  /** As it is written: a text, a number or a flag. */
  scalar(node: Node | null, what: string): string | number | boolean | null;
  /** `, did you mean "x"?`, or nothing. */
  guess(word: string, known: readonly string[]): string;
}

export interface Entry {
  readonly key: Node;
  /** `null`: nothing stands there. */
  readonly value: Node | null;
}

/** `name` is how errors call the file. */
export function openYaml(text: string, name: string): YamlReader {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const failAt = (offset: number, what: string, hint?: string): never => {
    const { line, col } = lines.linePos(offset);
    throw new DesprawlError('DSP-PLAN-INVALID', `${name}:${line}:${col}: ${what}`, hint === undefined ? {} : { hint });
  };
  const fail = (node: Node | null | undefined, what: string, hint?: string): never =>
    failAt(node?.range?.[0] ?? 0, what, hint);
  const [broken] = document.errors;
  if (broken !== undefined) failAt(broken.pos[0], broken.message);

  /** What an alias names, and `null` for a value that is none. */
  const real = (node: Node | null): Node | null => {
    const found = node instanceof Alias ? (node.resolve(document) ?? fail(node, 'this alias names nothing')) : node;
    return isScalar(found) && found.value === null ? null : (found as Node | null);
  };
  const scalar = (node: Node | null, what: string, kind: string): unknown => {
    const found = real(node);
    if (found === null) return null;
    return isScalar(found) ? found.value : fail(node, `${what} must be ${kind}`);
  };
  const reader: YamlReader = {
    root: document.contents as Node | null,
    fail,
    map: (node, what, known) => {
      const found = real(node);
      if (!isMap(found)) return fail(node, `${what} must be a map of keys and values`);
      const entries = new Map<string, Entry>();
      for (const { key, value } of (found as YAMLMap<Node, Node | null>).items) {
        const word = isScalar(key) ? String(key.value) : fail(key, `${what}: a key must be a word`);
        if (!known.includes(word)) {
          fail(key, `unknown key "${word}" in ${what}${reader.guess(word, known)}`, `Known keys: ${known.join(', ')}.`);
        }
        entries.set(word, { key, value });
      }
      return entries;
    },
    list: (node, what) => {
      const found = real(node);
      if (found === null) return [];
      return isSeq<Node>(found) ? found.items : fail(node, `${what} must be a list`);
    },
    text: (node, what) => {
      const value = scalar(node, what, 'a text');
      return value === null
        ? null
        : typeof value === 'string'
          ? value
          : String((real(node) as { source?: string }).source);
    },
    flag: (node, what) => {
      const value = scalar(node, what, 'true or false');
      return value === null || typeof value === 'boolean' ? value : fail(node, `${what} must be true or false`);
    },
    number: (node, what) => {
      const value = scalar(node, what, 'a number');
      const whole = typeof value === 'number' && Number.isSafeInteger(value);
      return value === null ? null : whole ? value : fail(node, `${what} must be a whole number`);
    },
    scalar: (node, what) => {
      const value = scalar(node, what, 'a text or a number');
      if (typeof value === 'number' && !Number.isSafeInteger(value) && Number.isInteger(value))
        return String((real(node) as { source?: string }).source);
      return value as string | number | boolean | null;
    },
    guess: (word, known) => {
      const meant = nearest(word, known);
      return meant === undefined ? '' : `; did you mean "${meant}"?`;
    },
  };
  return reader;
}

/** The keys of a map whose names are the writer's own, in their order. */
export function freeKeys(node: Node | null): readonly string[] {
  return isMap(node) ? node.items.flatMap(({ key }) => (isScalar(key) ? [String(key.value)] : [])) : [];
}
