/** Prisma schemas: datasources and generators as settings (values as written), models as tables. */
import { emptyFacts } from '../empty-facts.ts';
import type { DdlColumn, FileFacts, Language, Span, TableFact } from '../facts.ts';
import { mayNameStore } from '../names-store.ts';

export const prisma: Language = { id: 'prisma', outline: read, structure: read };

interface Line {
  /** Without comments and the blank space around. */
  readonly text: string;
  readonly start: number;
  readonly number: number;
}

interface Block {
  readonly kind: string;
  readonly name: string;
  readonly at: Span;
  readonly lines: Line[];
}

const OPENING = /^(datasource|generator|model|view|type|enum)\s+(\w+)\s*\{/;
const SETTING = /^(\w+)\s*=\s*/;
const FIELD = /^(\w+)\s+(\w+|Unsupported\("[^"]*"\))(\[\])?(\?)?/;

/** Scalars of Prisma as SQL says them. Any other type is an enum or a relation. */
const TYPES: Readonly<Record<string, string>> = {
  String: 'TEXT',
  Boolean: 'BOOLEAN',
  Int: 'INTEGER',
  BigInt: 'BIGINT',
  Float: 'DOUBLE PRECISION',
  Decimal: 'DECIMAL',
  DateTime: 'TIMESTAMP',
  Json: 'JSON',
  Bytes: 'BLOB',
};

function read(text: string): FileFacts {
  const { blocks, count } = blocksOf(text);
  const facts = emptyFacts('prisma', 'structure', count);
  facts.scopes.push({ kind: 'module', name: '', parent: -1, at: [0, text.length, 1], lastLine: count });
  const settings: { key: string; v: string; at: Span }[] = [];
  const enums = new Set(blocks.filter(({ kind }) => kind === 'enum').map(({ name }) => name));
  for (const block of blocks) {
    if (block.kind === 'datasource' || block.kind === 'generator') {
      for (const line of block.lines) {
        const key = SETTING.exec(line.text);
        if (key === null) continue;
        const v = unquoted(line.text.slice(key[0].length));
        const start = line.start + key[0].length;
        const at: Span = [start, line.start + line.text.length, line.number];
        settings.push({ key: `${block.kind}.${block.name}.${key[1]}`, v, at });
        if (mayNameStore(v)) facts.texts.push({ v, at, scope: 0 });
      }
    } else if (block.kind === 'model' || block.kind === 'view') facts.tables.push(tableOf(block, enums));
  }
  if (settings.length > 0) facts.settings = settings;
  return facts;
}

function blocksOf(text: string): { blocks: Block[]; count: number } {
  const blocks: Block[] = [];
  let block: Block | undefined;
  let number = 0;
  let start = 0;
  while (start < text.length) {
    let end = text.indexOf('\n', start);
    if (end < 0) end = text.length;
    number += 1;
    const raw = withoutComment(text.slice(start, end));
    const trimmed = raw.trim();
    const at = start + raw.length - raw.trimStart().length;
    if (block === undefined) {
      const opening = OPENING.exec(trimmed);
      if (opening !== null) {
        const [head, kind = '', name = ''] = opening;
        block = { kind, name, at: [at, at + head.length, number], lines: [] };
        blocks.push(block);
        // `enum Role { A }` on one line.
        if (trimmed.endsWith('}')) block = undefined;
      }
    } else if (trimmed === '}') block = undefined;
    else if (trimmed !== '') block.lines.push({ text: trimmed, start: at, number });
    start = end + 1;
  }
  return { blocks, count: number };
}

/** `//` begins a comment, but not in a text (`"https://…"`). */
function withoutComment(line: string): string {
  let quoted = false;
  for (let index = 0; index < line.length; index++) {
    const char = line[index];
    if (char === '\\' && quoted) index += 1;
    else if (char === '"') quoted = !quoted;
    else if (!quoted && char === '/' && line[index + 1] === '/') return line.slice(0, index);
  }
  return line;
}

/** A text without its quotes; `env("X")` and lists as they stand. */
function unquoted(value: string): string {
  const text = /^"((?:[^"\\]|\\.)*)"$/.exec(value.trim());
  return text === null ? value.trim() : (text[1] as string).replace(/\\(.)/g, '$1');
}

function tableOf(block: Block, enums: ReadonlySet<string>): TableFact {
  let table = block.name;
  const columns: DdlColumn[] = [];
  const byField = new Map<string, number>();
  const keys: string[] = [];
  const unique: string[] = [];
  const references = new Map<string, string>();
  for (const { text } of block.lines) {
    if (text.startsWith('@@')) {
      const map = /^@@map\(\s*(?:name:\s*)?"([^"]*)"/.exec(text);
      if (map !== null) table = map[1] as string;
      const list = /^@@(id|unique)\(\s*(?:fields:\s*)?\[([^\]]*)\]/.exec(text);
      const fields =
        list === null ? [] : (list[2] as string).split(',').map((name) => name.trim().replace(/\(.*$/, ''));
      if (list?.[1] === 'id') keys.push(...fields);
      else if (fields.length === 1) unique.push(fields[0] as string);
      continue;
    }
    const field = FIELD.exec(text);
    if (field === null) continue;
    const [, name = '', type = '', list, optional] = field;
    const scalar =
      TYPES[type] ?? (enums.has(type) ? 'TEXT' : type.startsWith('Unsupported') ? type.slice(13, -2) : undefined);
    if (scalar === undefined) {
      const relation = /@relation\([^)]*?fields:\s*\[([^\]]*)\]/.exec(text);
      for (const own of relation?.[1]?.split(',') ?? []) references.set(own.trim(), type);
      continue;
    }
    byField.set(name, columns.length);
    columns.push(columnOf(text, name, `${nativeType(text) ?? scalar}${list ?? ''}`, optional === undefined));
  }
  const set = (name: string, more: Partial<DdlColumn>): void => {
    const index = byField.get(name);
    if (index !== undefined) columns[index] = { ...(columns[index] as DdlColumn), ...more };
  };
  for (const name of keys) set(name, { primaryKey: true });
  for (const name of unique) set(name, { unique: true });
  for (const [name, model] of references) set(name, { references: model });
  return { table, by: block.kind === 'view' ? 'prisma view' : 'prisma', columns, at: block.at };
}

function columnOf(text: string, field: string, type: string, required: boolean): DdlColumn {
  const map = /@map\(\s*(?:name:\s*)?"([^"]*)"/.exec(text);
  const value = /@default\(((?:[^()"]|"(?:[^"\\]|\\.)*"|\([^()]*\))*)\)/.exec(text)?.[1];
  return {
    name: map?.[1] ?? field,
    type: type.toUpperCase(),
    ...(required ? { notNull: true as const } : {}),
    ...(/@id\b/.test(text) ? { primaryKey: true as const } : {}),
    ...(/@unique\b/.test(text) ? { unique: true as const } : {}),
    ...(value === undefined ? {} : { default: value }),
  };
}

/** `@db.VarChar(255)`, `@db.Timestamptz(6)`: the type that the database gets. */
function nativeType(text: string): string | undefined {
  const native = /@db\.(\w+)(\([\d,\s]*\))?/.exec(text);
  return native === null ? undefined : `${native[1]}${native[2]?.replace(/\s/g, '') ?? ''}`;
}
