/** Random schemas: keys, references and columns of every kind that a merge must carry. Plain choices, so that a failure shrinks. */
import fc from 'fast-check';

/** `auto`, `rowid`: INTEGER PRIMARY KEY. `int`: a numbered key beside the rowid. `w…`: WITHOUT ROWID. `pair`: two columns; `wlink`: a reference and one. */
export type KeyKind = 'auto' | 'rowid' | 'int' | 'wint' | 'text' | 'wtext' | 'pair' | 'wpair' | 'wlink' | 'none';
/** `uuid`, `bool`, `time`: what stores write in two forms. */
export type DataKind = 'text' | 'int' | 'real' | 'blob' | 'any' | 'time' | 'uuid' | 'bool';

export interface RefChoice {
  /** Taken modulo the tables that can be referred to. */
  readonly to: number;
  readonly kind: 'declared' | 'inferred' | 'text' | 'typed' | 'json' | 'code';
}

export interface TableChoice {
  readonly key: KeyKind;
  /** Taken where the key allows it. */
  readonly identity: 'code' | 'row' | 'none' | 'id';
  readonly data: readonly DataKind[];
  readonly refs: readonly RefChoice[];
  readonly strict: boolean;
  readonly generated: boolean;
  /** Case of the code does not count. */
  readonly email: boolean;
  /** The code is a UUID. */
  readonly uuid: boolean;
}

export interface ColumnOf {
  readonly name: string;
  readonly type: string;
  readonly use: 'id' | 'part' | 'code' | 'data' | 'ref' | 'type';
  readonly data: DataKind | null;
  /** Position in `refs`. */
  readonly ref: number;
}

export interface RefOf {
  readonly kind: RefChoice['kind'];
  readonly columns: readonly string[];
  readonly to: number;
  readonly toColumns: readonly string[];
  readonly typeColumn: string | null;
}

export interface TableOf {
  readonly name: string;
  readonly choice: TableChoice;
  readonly columns: readonly ColumnOf[];
  readonly refs: readonly RefOf[];
  readonly key: readonly string[];
  readonly hasCode: boolean;
  readonly isNumbered: boolean;
  readonly withoutRowid: boolean;
}

const keyKind = fc.constantFrom<KeyKind>(
  'auto',
  'rowid',
  'rowid',
  'int',
  'wint',
  'text',
  'wtext',
  'pair',
  'wpair',
  'wlink',
  'none',
);
const table: fc.Arbitrary<TableChoice> = fc.record({
  key: keyKind,
  identity: fc.constantFrom('code', 'code', 'row', 'none', 'id'),
  data: fc.array(fc.constantFrom<DataKind>('text', 'int', 'real', 'blob', 'any', 'time', 'uuid', 'bool'), {
    maxLength: 3,
  }),
  refs: fc.array(
    fc.record({
      to: fc.nat(4),
      kind: fc.constantFrom<RefChoice['kind']>('declared', 'declared', 'inferred', 'text', 'typed', 'json', 'code'),
    }),
    { maxLength: 2 },
  ),
  strict: fc.boolean(),
  generated: fc.boolean(),
  email: fc.boolean(),
  uuid: fc.integer({ min: 0, max: 3 }).map((n) => n === 0),
});

export const schemas: fc.Arbitrary<readonly TableOf[]> = fc.array(table, { minLength: 1, maxLength: 5 }).map(settle);

const isNumbered = ({ key }: TableChoice): boolean => ['auto', 'rowid', 'int', 'wint'].includes(key);
const hasCode = (choice: TableChoice): boolean => isNumbered(choice) && choice.identity === 'code';

function settle(choices: readonly TableChoice[]): readonly TableOf[] {
  return choices.map((choice, at) => {
    const refs: RefOf[] = [];
    const refColumns: ColumnOf[] = [];
    for (const [i, { to, kind }] of choice.refs.entries()) {
      const parent = to % choices.length;
      const found = refTo(choices[parent] ?? choice, kind);
      if (found === null) continue;
      const columns = found.toColumns.map((_, j) => `r${i}${j === 0 ? '' : `_${j}`}`);
      const typeColumn = kind === 'typed' ? `r${i}_type` : null;
      refs.push({ kind, columns, to: parent, toColumns: found.toColumns, typeColumn });
      const ref = refs.length - 1;
      columns.forEach((name, j) => {
        refColumns.push({
          name,
          type: kind === 'json' || kind === 'text' ? 'TEXT' : (found.types[j] ?? ''),
          use: 'ref',
          data: null,
          ref,
        });
      });
      if (typeColumn !== null) refColumns.push({ name: typeColumn, type: 'TEXT', use: 'type', data: null, ref });
    }
    const link =
      refs[0]?.columns.length === 1 && refs[0].kind !== 'json' && refs[0].kind !== 'typed'
        ? refs[0].columns[0]
        : undefined;
    const key = choice.key === 'wlink' && link !== undefined ? [link, 'b'] : keyOf(choice);
    const plain = (name: string, type: string, use: ColumnOf['use'], data: DataKind | null = null): ColumnOf => ({
      ...{ name, type, use, data, ref: -1 },
    });
    const types = keyTypes(choice);
    const columns: ColumnOf[] = [
      ...key.flatMap((name, j) =>
        name === link ? [] : [plain(name, types[j] ?? '', key.length === 1 ? 'id' : 'part')],
      ),
      ...(hasCode(choice) ? [plain('code', 'TEXT', 'code')] : []),
      ...choice.data.map((kind, j) => plain(`d${j}`, typeOf(kind, choice.strict), 'data', kind)),
      ...refColumns,
    ];
    // A table without any column is none, and nothing tells rows apart that have nothing but a number.
    if (columns.length === 0 || (isNumbered(choice) && columns.length === 1))
      columns.push(plain('d0', 'TEXT', 'data', 'text'));
    return {
      ...{ name: `t${at}`, choice, columns, refs, key, hasCode: hasCode(choice), isNumbered: isNumbered(choice) },
      withoutRowid: choice.key.startsWith('w'),
    };
  });
}

function keyOf({ key }: TableChoice): readonly string[] {
  return key === 'none' ? [] : key === 'pair' || key === 'wpair' || key === 'wlink' ? ['a', 'b'] : ['id'];
}

function keyTypes({ key }: TableChoice): readonly string[] {
  if (key === 'pair' || key === 'wpair' || key === 'wlink') return ['TEXT', 'INTEGER'];
  // INT is no other name of the rowid. Strict tables know it too.
  return [key === 'int' ? 'INT' : key === 'text' || key === 'wtext' ? 'TEXT' : 'INTEGER'];
}

function typeOf(kind: DataKind, strict: boolean): string {
  if (kind === 'any') return strict ? 'ANY' : '';
  return { text: 'TEXT', int: 'INTEGER', real: 'REAL', blob: 'BLOB', time: 'TEXT', uuid: 'TEXT', bool: 'INTEGER' }[
    kind
  ];
}

function refTo(
  parent: TableChoice,
  kind: RefChoice['kind'],
): { readonly toColumns: readonly string[]; readonly types: readonly string[] } | null {
  if (kind === 'code')
    return hasCode(parent) && !parent.email && !parent.uuid ? { toColumns: ['code'], types: ['TEXT'] } : null;
  // Its columns depend on its own references.
  if (parent.key === 'wlink') return null;
  const toColumns = keyOf(parent);
  if (toColumns.length === 0) return null;
  if (kind !== 'declared' && kind !== 'inferred' && toColumns.length > 1) return null;
  if (kind === 'text' && !isNumbered(parent)) return null;
  return { toColumns, types: keyTypes(parent) };
}

/** `CREATE TABLE` with what belongs to it. `extra`: columns of one store only. `loose`: nothing keeps the code unique. */
export function statement(
  tables: readonly TableOf[],
  { name, choice, columns, refs, key, hasCode: coded }: TableOf,
  extra = '',
  loose = false,
): string {
  const isInline = choice.key === 'auto' || choice.key === 'rowid';
  const lines = columns.map((column) => {
    const primary =
      isInline && column.use === 'id' ? ` PRIMARY KEY${choice.key === 'auto' ? ' AUTOINCREMENT' : ''}` : '';
    return `"${column.name}" ${column.type}${primary}`;
  });
  if (choice.generated)
    lines.push(`g ${choice.strict ? 'TEXT' : ''} GENERATED ALWAYS AS (typeof("${columns.at(-1)?.name}")) VIRTUAL`);
  if (extra !== '') lines.push(extra);
  if (key.length > 0 && !isInline) lines.push(`PRIMARY KEY (${key.join(', ')})`);
  if (coded && !loose) lines.push('UNIQUE (code)');
  for (const ref of refs.filter(({ kind }) => kind === 'declared' || kind === 'code')) {
    lines.push(
      `FOREIGN KEY (${ref.columns.join(', ')}) REFERENCES ${tables[ref.to]?.name} (${ref.toColumns.join(', ')})`,
    );
  }
  const options = [...(choice.strict ? ['STRICT'] : []), ...(choice.key.startsWith('w') ? ['WITHOUT ROWID'] : [])];
  return `CREATE TABLE ${name} (${lines.join(', ')}) ${options.join(', ')}`;
}
