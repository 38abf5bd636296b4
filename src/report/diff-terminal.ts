/** A comparison of two stores as text: per table what is the same, what only one side has, and by which key that was found. */
import type { Diff, DiffTable, RowText } from '../audit/diff-model.ts';
import type { Ancestor } from '../audit/model.ts';
import { count, day, list, thousands } from '../audit/wording.ts';
import { block, commandLine, type Page, paint, withEdge, wrap } from './page.ts';
import { printable } from './printable.ts';

/** `table`: the one that was asked for. */
export interface DiffTerminalOptions extends Page {
  readonly table?: string | undefined;
}

export function diffToTerminal(diff: Diff, page: DiffTerminalOptions): string {
  const { width } = page;
  const lines = [
    ...legend(diff, width),
    ...diff.tables.flatMap((table) => ['', ...tableLines(table, page)]),
    ...(diff.tables.length === 0 ? ['', ...wrap('No table of one store looks like a table of the other.', width)] : []),
    ...diff.ancestors.flatMap((ancestor) => ['', ...ancestorLines(ancestor, width)]),
    ...(diff.notCompared.length === 0 ? [] : ['', ...notCompared(diff, width)]),
    '',
    ...next(diff, page),
  ];
  return `${lines.join('\n')}\n`;
}

function legend(diff: Diff, width: number): readonly string[] {
  return [...block('A  ', diff.a, width), ...block('B  ', diff.b, width)];
}

const n = (value: number): string => thousands(value);

function tableLines(table: DiffTable, page: Page): readonly string[] {
  const { width } = page;
  const name = table.a === table.b ? table.a : `${table.a} / ${table.b}`;
  if (table.rowsA + table.rowsB === 0) return wrap(`${name}: empty on both sides`, width);
  const by = table.keyKind === 'row' ? 'whole rows' : table.key.join(' + ');
  const title = wrap(`${name} by ${by}: ${verdict(table)}`, width);
  const facts: (readonly [string, string])[] = [
    [
      'rows',
      `same ${n(table.same)} · only A ${n(table.onlyA)} · only B ${n(table.onlyB)} · differ ${n(table.conflicting)}`,
    ],
  ];
  const differing = table.columns.filter(({ conflicting }) => conflicting > 0);
  if (differing.length > 0) facts.push(['differ in', list(differing.map(columnName), 12)]);
  const onlyOne = [
    ...(table.columnsOnlyA.length > 0 ? [`only A: ${list(table.columnsOnlyA, 12)}`] : []),
    ...(table.columnsOnlyB.length > 0 ? [`only B: ${list(table.columnsOnlyB, 12)}`] : []),
  ];
  if (onlyOne.length > 0) facts.push(['columns', onlyOne.join('; ')]);
  if (table.idCollisions > 0) facts.push(['ids', `${count(table.idCollisions, 'id')} held by both for different rows`]);
  if (table.renumbered > 0)
    facts.push(['ids', `${count(table.renumbered, 'row')} under another id in the other store`]);
  if (table.ambiguous > 0) {
    facts.push(['ambiguous', `${count(table.ambiguous, 'row')} of A match different rows of B through two keys`]);
  }
  for (const key of table.keys)
    facts.push([key.chosen ? 'key' : 'not by', `${key.columns.join(' + ') || 'whole rows'}: ${key.why}`]);
  for (const reference of table.references.filter(({ rows }) => rows > 0)) {
    facts.push([
      'used by',
      `${reference.table}.${reference.column} of ${reference.store} (${count(reference.rows, 'row')}${reference.inferred ? ', inferred' : ''})`,
    ]);
  }
  const [first = '', ...more] = title;
  return [
    paint(page, 'bold', first),
    ...more,
    ...facts.flatMap(([label, text]) => block(`  ${label.padEnd(9)}  `, text, width)),
    ...values(table, width),
  ];
}

function columnName({ a, b, conflicting }: DiffTable['columns'][number]): string {
  return `${a === b ? a : `${a}/${b}`} ${n(conflicting)}`;
}

function verdict(table: DiffTable): string {
  switch (table.relation) {
    case 'identical':
      return `all ${count(table.rowsA, 'row')} equal`;
    case 'subset':
      return 'A is contained in B';
    case 'superset':
      return 'B is contained in A';
    case 'diverged':
      return 'diverged';
    case 'disjoint':
      return 'no row in common';
    default:
      return 'unrelated, in spite of the name';
  }
}

function values(table: DiffTable, width: number): readonly string[] {
  if (table.values === undefined) return [];
  const { onlyA, onlyB, conflicting } = table.values;
  const rest = (shown: number, all: number): readonly string[] =>
    shown < all ? block('     ', `… and ${n(all - shown)} more: --limit`, width) : [];
  return [
    ...onlyA.flatMap((row) => block('  - A  ', cells(row), width)),
    ...rest(onlyA.length, table.onlyA),
    ...onlyB.flatMap((row) => block('  + B  ', cells(row), width)),
    ...rest(onlyB.length, table.onlyB),
    ...conflicting.flatMap(({ key, a, b }) => [
      ...block('  ~    ', cells(key), width),
      ...block('     A ', cells(a), width),
      ...block('     B ', cells(b), width),
    ]),
    ...rest(conflicting.length, table.conflicting),
  ];
}

function cells(row: RowText): string {
  return Object.entries(row)
    .map(([column, value]) => `${column}=${value === null ? 'NULL' : printable(value)}`)
    .join(' ');
}

function ancestorLines(ancestor: Ancestor, width: number): readonly string[] {
  const from = ancestor.commit === undefined ? ancestor.from : `${ancestor.from} in git`;
  return [
    ...block('ancestor  ', `${from}, ${day(ancestor.at)}: both come from it. Since then:`, width),
    ...ancestor.tables.flatMap((table) => {
      const side = (name: string, changed: number, deleted: number, added: number): string =>
        `${name} changed ${n(changed)}, deleted ${n(deleted)}, added ${n(added)}`;
      const both = table.changedInBoth === 0 ? '' : `; changed in both ${n(table.changedInBoth)}`;
      const text = `${table.table}: ${side('A', table.changedInA, table.deletedInA, table.addedInA)}; ${side('B', table.changedInB, table.deletedInB, table.addedInB)}${both}`;
      return block('          ', text, width);
    }),
  ];
}

/** Tables of one store that are left out for one reason stand together. */
function notCompared(diff: Diff, width: number): readonly string[] {
  const reasons = new Map<string, string[]>();
  for (const { table, store, why } of diff.notCompared) {
    const reason = `${store}: ${why}`;
    reasons.set(reason, [...(reasons.get(reason) ?? []), table]);
  }
  return [
    'not compared',
    ...[...reasons].flatMap(([reason, tables]) => block('  ', `${list(tables, 12)} of ${reason}`, width)),
  ];
}

function next(diff: Diff, page: DiffTerminalOptions): readonly string[] {
  const differs = diff.tables.filter(({ relation }) => relation !== 'identical');
  const [worst] = differs;
  if (worst === undefined) {
    return diff.tables.length === 0
      ? block(
          'next   ',
          `${commandLine(['diff', diff.a, diff.b, '--table', 'NAME'])} compares tables of your choice`,
          page.width,
        )
      : [];
  }
  if (worst.values !== undefined) return block('next   ', commandLine(['audit']), page.width);
  const args = ['diff', diff.a, diff.b, '--table', page.table ?? worst.a, '--show-values'];
  return withEdge(block('next   ', commandLine(args), page.width), 'the rows', page.width);
}
