/**
 * The `tables:` of a merge: read with the place of every mistake, written as short as it can be read, and what of it counts. `docs/plan-file.md`,
 * "Merging".
 */
import { isScalar, type Node } from 'yaml';
import type { Policy } from '../merge/model.ts';
import { readReference } from '../merge/reference-words.ts';
import { type MergeTable, PLAIN_TABLE } from '../merge/settings.ts';
import type { Json } from './digest.ts';
import { freeKeys, type YamlReader } from './yaml-reader.ts';
import { flowScalar, listValue } from './yaml-words.ts';

const KEYS = [
  'rows',
  'from',
  'apart',
  'identity',
  'agreeing',
  'differ',
  'newest',
  'columns',
  'add',
  'fill',
  'references',
  'deleted',
] as const;
const POLICIES: readonly (Policy | 'ask')[] = ['target', 'source', 'newest', 'complete', 'ask'];
const DELETED: readonly MergeTable['deleted'][] = ['stays', 'returns', 'ask'];
const WIDTH = 110;

/** Nothing stands behind the colon. */
const isNone = (node: Node | null): node is null => node === null || (isScalar(node) && node.value === null);

export function readTables(yaml: YamlReader, node: Node | null): readonly MergeTable[] {
  if (isNone(node)) return [];
  const found = [...yaml.map(node, 'tables', freeKeys(node))].map(([table, { value }]) =>
    readTable(yaml, table, value),
  );
  return found.sort((x, y) => (x.table < y.table ? -1 : 1));
}

function readTable(yaml: YamlReader, table: string, node: Node | null): MergeTable {
  if (isNone(node)) return { ...PLAIN_TABLE, table };
  const what = `table ${table}`;
  const entries = yaml.map(node, what, KEYS);
  const value = (key: (typeof KEYS)[number]): Node | null => entries.get(key)?.value ?? null;
  const texts = (at: Node | null, name: string): readonly string[] =>
    yaml.list(at, name).map((one) => yaml.text(one, name) ?? yaml.fail(one, `${name}: a word is missing`));
  const words = (key: 'from' | 'columns' | 'add'): Readonly<Record<string, string>> =>
    Object.fromEntries(
      pairs(yaml, value(key), key).map(([name, at]) => [
        name,
        yaml.text(at, name) ??
          (key === 'add' ? '' : yaml.fail(at ?? node, `${key} of ${table}: ${name} needs a value`)),
      ]),
    );
  const oneOf = <T extends string>(at: Node | null, name: string, known: readonly T[]): T | null => {
    const word = yaml.text(at, name);
    const meant = known.find((one) => one === word);
    if (word !== null && meant === undefined)
      yaml.fail(at, `${name} of ${table} must be ${known.join(', ')}${yaml.guess(word, known)}`);
    return meant ?? null;
  };
  const references = yaml.list(value('references'), 'references').map((one) => {
    const text = yaml.text(one, 'references') ?? yaml.fail(one, 'references: a reference is missing');
    if (readReference(text) !== null) return text;
    return yaml.fail(
      one,
      `"${text}" is no reference`,
      'Write it as `user_id -> users.id`; docs/plan-file.md has all forms.',
    );
  });
  const differ = pairs(yaml, value('differ'), 'differ').map(([column, at]): [string, Policy | 'ask'] => [
    column,
    oneOf(at, column, POLICIES) ?? yaml.fail(at ?? node, `differ of ${table}: what wins in ${column}?`),
  ]);
  const identity = identityOf(yaml, value('identity'), table);
  const agreeing = yaml.flag(value('agreeing'), 'agreeing') ?? false;
  if (agreeing && !Array.isArray(identity))
    yaml.fail(value('agreeing'), `agreeing of ${table} needs an identity of columns: whole rows agree as they are`);
  const newest = yaml.text(value('newest'), 'newest');
  const late = differ.find(([, policy]) => policy === 'newest');
  if (late !== undefined && newest === null)
    yaml.fail(
      value('differ'),
      `${late[0]} of ${table} goes by the newest row: name the column of its time in \`newest:\``,
    );
  return {
    table,
    rows: yaml.text(value('rows'), 'rows'),
    from: words('from'),
    apart: texts(value('apart'), 'apart'),
    identity,
    agreeing,
    differ: Object.fromEntries(differ),
    newest,
    columns: words('columns'),
    add: words('add'),
    fill: Object.fromEntries(pairs(yaml, value('fill'), 'fill').map(([name, at]) => [name, fillOf(yaml, at, name)])),
    references,
    deleted: oneOf(value('deleted'), 'deleted', DELETED) ?? 'returns',
  };
}

function pairs(yaml: YamlReader, node: Node | null, what: string): readonly [string, Node | null][] {
  if (isNone(node)) return [];
  return [...yaml.map(node, what, freeKeys(node))].map(([name, { value }]) => [name, value]);
}

function identityOf(yaml: YamlReader, node: Node | null, table: string): MergeTable['identity'] {
  if (isNone(node)) return 'row';
  if ((node as { items?: unknown }).items === undefined) {
    const word = yaml.text(node, 'identity');
    if (word === 'row' || word === 'none') return word;
    return yaml.fail(
      node,
      `identity of ${table} must be a list of columns, row or none`,
      word === null ? undefined : `A single column is a list of one: [${word}].`,
    );
  }
  const columns = yaml.list(node, 'identity').map((one) => yaml.text(one, 'identity') ?? '');
  if (columns.length === 0 || columns.includes('')) yaml.fail(node, `identity of ${table} names no column`);
  return columns;
}

function fillOf(yaml: YamlReader, node: Node | null, what: string): string | number | null {
  const value = yaml.scalar(node, what);
  if (typeof value === 'boolean') return value ? 1 : 0;
  return value;
}

/** Behind `tables:`; each table in one line where it fits. `indent`: of the key. */
export function tablesValue(tables: readonly MergeTable[], indent: number): string {
  const pad = ' '.repeat(indent + 2);
  return tables
    .map((table) => {
      const keys = written(table);
      const name = flowScalar(table.table);
      if (keys.length === 0) return `\n${pad}${name}:`;
      const line = `${pad}${name}: { ${keys.map(([key, value]) => `${key}: ${value}`).join(', ')} }`;
      if (line.length <= WIDTH) return `\n${line}`;
      const lines = keys.map(([key, value]) => `\n${pad}  ${key}:${long(key, value, table, indent + 4)}`);
      return `\n${pad}${name}:${lines.join('')}`;
    })
    .join('');
}

/** What says what it says when it is left out is left out. */
function written(said: MergeTable): readonly (readonly [key: string, value: string])[] {
  const map = (values: Readonly<Record<string, string | number | null>>): string =>
    `{ ${Object.entries(values)
      .map(
        ([key, value]) =>
          `${flowScalar(key)}: ${value === null ? 'null' : typeof value === 'number' ? value : flowScalar(value)}`,
      )
      .join(', ')} }`;
  const list = (values: readonly string[]): string => `[${values.map(flowScalar).join(', ')}]`;
  const found: [string, string | null][] = [
    ['rows', said.rows === null ? null : flowScalar(said.rows)],
    ['from', isEmpty(said.from) ? null : map(said.from)],
    ['apart', said.apart.length === 0 ? null : list(said.apart)],
    [
      'identity',
      typeof said.identity === 'string' ? (said.identity === 'row' ? null : said.identity) : list(said.identity),
    ],
    ['agreeing', said.agreeing ? 'true' : null],
    ['differ', isEmpty(said.differ) ? null : map(said.differ)],
    ['newest', said.newest === null ? null : flowScalar(said.newest)],
    ['columns', isEmpty(said.columns) ? null : map(said.columns)],
    ['add', isEmpty(said.add) ? null : map(said.add)],
    ['fill', isEmpty(said.fill) ? null : map(said.fill)],
    ['references', said.references.length === 0 ? null : list(said.references)],
    ['deleted', said.deleted === 'returns' ? null : said.deleted],
  ];
  return found.flatMap(([key, value]) => (value === null ? [] : [[key, value] as const]));
}

function long(key: string, value: string, said: MergeTable, indent: number): string {
  if (key === 'references') return listValue(said.references, indent);
  return ` ${value}`;
}

const isEmpty = (value: object): boolean => Object.keys(value).length === 0;

/** What has an effect: counts have none, and neither has the order in which things are said. */
export function meantTables(tables: readonly MergeTable[]): Json {
  return Object.fromEntries(
    tables.map(({ table, rows: _rows, ...rest }) => [
      table,
      { ...rest, apart: [...rest.apart].sort(), references: [...rest.references].sort() },
    ]),
  ) as unknown as Json;
}
