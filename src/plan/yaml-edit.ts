/**
 * Sets values in YAML by replacing their text, so that the rest of a file stays byte for byte. A comment that stands inside a value
 * which goes is put on a line of its own above it.
 */
import { isMap, isScalar, isSeq, Lexer, type Node, type Pair, parseDocument, type YAMLMap, type YAMLSeq } from 'yaml';
import type { WrittenKey } from './write-plan.ts';

export interface YamlMap {
  readonly node: YAMLMap<Node, Node | null>;
  /** Of its keys. */
  readonly indent: number;
}

export interface YamlEdit {
  readonly top: YamlMap;
  /** The item of a list whose `key` says `id`. */
  item(list: string, key: string, id: string): YamlMap | null;
  /** `value` as it is to stand behind the colon; `null`: not at all. A new key stands behind those that `order` names before it. */
  set(map: YamlMap, key: string, value: string | null, order: readonly string[]): void;
  /** A new item at the end of a list of the top. */
  append(list: string, keys: readonly WrittenKey[]): void;
  text(): string;
}

interface Splice {
  readonly from: number;
  readonly to: number;
  readonly with: string;
}

/** `text` can be parsed and is a map. */
export function openYamlEdit(text: string): YamlEdit {
  const document = parseDocument(text);
  const top = { node: document.contents as unknown as YamlMap['node'], indent: 0 };
  const splices: Splice[] = [];
  /** Lists that the text does not have: they go behind everything, also behind what is added to what ends the text. */
  const newLists = new Map<string, string>();
  const comments = commentsOf(text);
  const eol = text.includes('\r\n') ? '\r\n' : '\n';
  const lineStart = (at: number): number => text.lastIndexOf('\n', at - 1) + 1;
  /** Behind the line break of the line that ends or holds `at`. */
  const lineEnd = (at: number): number => {
    if (at > 0 && text[at - 1] === '\n') return at;
    const found = text.indexOf('\n', at);
    return found < 0 ? text.length : found + 1;
  };
  const pairOf = (map: YamlMap, key: string): Pair<Node, Node | null> | undefined =>
    map.node.items.find((pair) => isScalar(pair.key) && String(pair.key.value) === key);
  const colon = (pair: Pair<Node, Node | null>): number => text.indexOf(':', pair.key.range?.[1] ?? 0) + 1;
  /** Where the value of a key ends; at the colon where there is none, though spaces and a comment may follow. */
  const valueEnd = (pair: Pair<Node, Node | null>): number => {
    const isNone =
      pair.value === null || (isScalar(pair.value) && (pair.value.range?.[0] ?? 0) === pair.value.range?.[1]);
    return isNone ? colon(pair) : Math.max(colon(pair), endOf(pair.value as Node));
  };
  const indentOf = (node: YAMLMap<Node, Node | null>): number => {
    const at = node.items[0]?.key.range?.[0] ?? 0;
    return at - lineStart(at);
  };
  const inside = (from: number, to: number): readonly string[] =>
    comments.filter(({ at }) => at >= from && at < to).map((comment) => comment.text);

  const replace = (map: YamlMap, pair: Pair<Node, Node | null>, value: string | null): void => {
    const start = pair.key.range?.[0] ?? 0;
    const end = valueEnd(pair);
    if (map.node.flow === true) {
      splices.push({ from: colon(pair), to: end, with: value === null || value === '' ? ' null' : inFlow(value) });
      return;
    }
    const pad = ' '.repeat(map.indent);
    if (value === null) {
      const [from, to] = [lineStart(start), lineEnd(end)];
      splices.push({
        from,
        to,
        with: inside(from, to)
          .map((comment) => `${pad}${comment}\n`)
          .join(''),
      });
      return;
    }
    const lost = inside(colon(pair), end);
    if (lost.length > 0) {
      // The first key of an item shares its line with the dash: what goes above it would tear them apart.
      const above = lineStart(start);
      splices.push({ from: above, to: above, with: lost.map((comment) => `${pad}${comment}\n`).join('') });
    }
    // A block text ends with its line break, and so does a list whose last item is one.
    const tail = text[end - 1] === '\n' && end > colon(pair) ? '\n' : '';
    splices.push({ from: colon(pair), to: end, with: `${value}${tail}` });
  };

  const insert = (map: YamlMap, key: string, value: string, order: readonly string[]): void => {
    if (map.node.flow === true) {
      const at = (map.node.range?.[1] ?? 1) - 1;
      splices.push({ from: at, to: at, with: `${map.node.items.length === 0 ? '' : ', '}${key}:${inFlow(value)}` });
      return;
    }
    const earlier = new Set(order.slice(0, order.indexOf(key)));
    const before = map.node.items.findLast(({ key: one }) => isScalar(one) && earlier.has(String(one.value)));
    const pair = before ?? map.node.items[0];
    const end = pair === undefined ? 0 : valueEnd(pair);
    const at = lineEnd(end);
    const open = at > 0 && text[at - 1] !== '\n' ? '\n' : '';
    splices.push({ from: at, to: at, with: `${open}${' '.repeat(map.indent)}${key}:${value}\n` });
  };

  return {
    top,
    item: (list, key, id) => {
      const node = pairOf(top, list)?.value;
      if (!isSeq(node)) return null;
      for (const one of (node as YAMLSeq<Node>).items) {
        if (!isMap<Node, Node | null>(one)) continue;
        const found = one.items.find((pair) => isScalar(pair.key) && pair.key.value === key)?.value;
        if (isScalar(found) && String(found.source ?? found.value) === id) return { node: one, indent: indentOf(one) };
      }
      return null;
    },
    set: (map, key, value, order) => {
      const pair = pairOf(map, key);
      if (pair !== undefined) replace(map, pair, value);
      else if (value !== null) insert(map, key, value, order);
    },
    append: (list, keys) => {
      const pair = pairOf(top, list);
      const node = pair?.value ?? null;
      const lines = keys.flatMap(({ key, value }) => (value === null ? [] : [`${key}:${value}`]));
      if (isSeq<Node>(node) && node.flow === true && node.items.length > 0) {
        const at = (node.range?.[1] ?? 1) - 1;
        const body = keys.flatMap(({ key, value }) =>
          value === null ? [] : [`${key}:${inFlow(value === '' ? ' null' : value)}`],
        );
        splices.push({ from: at, to: at, with: `, { ${body.join(', ')} }` });
        return;
      }
      const dash = isSeq<Node>(node) && node.items.length > 0 ? columnOf(node) : 2;
      const pad = ' '.repeat(dash);
      // Written for a dash two columns in.
      const shift = (line: string): string =>
        dash < 2 ? line.replaceAll('\n  ', '\n') : line.replaceAll('\n', `\n${' '.repeat(dash - 2)}`);
      const body = lines.map((line, i) => `${pad}${i === 0 ? '- ' : '  '}${shift(line)}\n`).join('');
      if (isSeq<Node>(node) && node.items.length > 0) {
        const at = lineEnd(endOf(node));
        const open = at > 0 && text[at - 1] !== '\n' ? '\n' : '';
        splices.push({ from: at, to: at, with: `${open}${list === 'approvals' ? '' : '\n'}${body}` });
      } else if (pair === undefined) {
        const before = newLists.get(list);
        newLists.set(list, before === undefined ? `${list}:\n${body}` : `${before}\n${body}`);
      } else {
        const end = valueEnd(pair);
        const at = lineEnd(end);
        // A first item after `actions: []  # comment` or `actions:`.
        splices.push(
          { from: colon(pair), to: end, with: '' },
          { from: at, to: at, with: `${at > end || text[at - 1] === '\n' ? '' : '\n'}${body}` },
        );
      }
    },
    text: () => {
      let result = '';
      let at = 0;
      // Stable: what is put in at one place keeps its order.
      for (const { from, to, with: by } of splices.sort((x, y) => x.from - y.from || x.to - y.to)) {
        result += text.slice(at, from) + by.replaceAll('\n', eol).replaceAll('\r\r\n', '\r\n');
        at = Math.max(at, to);
      }
      result += text.slice(at);
      for (const list of newLists.values()) {
        if (!result.endsWith('\n')) result += eol;
        result += list.replaceAll('\n', eol);
      }
      return result;
    },
  };

  function columnOf(node: YAMLSeq<Node>): number {
    const at = node.range?.[0] ?? 0;
    return at - lineStart(at);
  }
}

/** Where the last value in it ends; ranges of collections go on to what follows. */
function endOf(node: Node): number {
  if ((isMap<Node, Node | null>(node) || isSeq<Node>(node)) && node.flow !== true) {
    const last = node.items.at(-1);
    if (last === undefined) return node.range?.[1] ?? 0;
    if (!('key' in last)) return endOf(last as Node);
    const { key, value } = last as Pair<Node, Node | null>;
    return value === null ? (key.range?.[1] ?? 0) + 1 : Math.max(endOf(value), (key.range?.[1] ?? 0) + 1);
  }
  return node.range?.[1] ?? 0;
}

/** A value for a flow map: one line, lists in brackets. */
function inFlow(value: string): string {
  if (!value.includes('\n')) return /^ [[{"']/.test(value) ? value : ` ${JSON.stringify(value.slice(1))}`;
  const parsed: unknown = parseDocument(`k:${value}`).toJS().k;
  if (typeof parsed === 'string') return ` ${JSON.stringify(parsed)}`;
  return ` ${JSON.stringify(parsed)}`;
}

function commentsOf(text: string): readonly { readonly at: number; readonly text: string }[] {
  const found: { at: number; text: string }[] = [];
  let at = 0;
  let isContent = false;
  for (const token of new Lexer().lex(text)) {
    // Marks of the lexer are not in the text.
    if (token.startsWith('#') && !isContent) found.push({ at, text: token.trimEnd() });
    isContent = token === '\x1f';
    if (token !== '\x02' && token !== '\x18' && token !== '\x1f') at += token.length;
  }
  return found;
}
