/** Which store a line opens, as text: each way in which the code runs, with the chain of evidence below it. */
import type { Where } from '../audit/where.ts';
import { count, list, thousands } from '../audit/wording.ts';
import type { Binding, BindingTarget, TableUse } from '../bindings/model.ts';
import { block, commandLine, type Page, paint, withEdge, wrap } from './page.ts';

export function whereToTerminal(where: Where, page: Page): string {
  const sites = new Map<string, Binding[]>();
  for (const binding of where.bindings) {
    const key = `${binding.path}:${binding.line}`;
    sites.set(key, [...(sites.get(key) ?? []), binding]);
  }
  const lines = [
    ...head(where, page),
    ...[...sites].flatMap(([place, bindings]) => ['', ...site(place, bindings, page)]),
    ...variables(where, page),
    ...mentions(where, page),
    ...unseen(where, page),
    ...(where.bindings.length === 0 ? nothing(where, page) : []),
    '',
    ...next(where, page),
  ];
  while (lines[0] === '') lines.shift();
  return `${lines.join('\n')}\n`;
}

function head(where: Where, page: Page): readonly string[] {
  if (where.kind !== 'store' && where.kind !== 'table') return [];
  return where.stores.flatMap(({ store, tables }) =>
    block(
      `${store}   `,
      tables.length === 0
        ? 'no tables'
        : list(
            tables.map(({ name, rows }) => (rows === null ? name : `${name} ${thousands(rows)}`)),
            8,
          ),
      page.width,
    ),
  );
}

function site(place: string, bindings: readonly Binding[], page: Page): readonly string[] {
  const [first] = bindings as [Binding, ...Binding[]];
  const { width } = page;
  const title = block(`${place}   `, first.spelling, width).map((line) => paint(page, 'bold', line));
  return [
    ...(doing(first) === '' ? title : withEdge(title, doing(first), width)),
    ...bindings.flatMap((binding) => context(binding, page)),
  ];
}

function context(binding: Binding, page: Page): readonly string[] {
  const { width } = page;
  const indent = '      ';
  return [
    ...withEdge(
      block('  ', `${binding.context}   ${targetText(binding.target)}`, width - 10),
      binding.confidence,
      width,
    ),
    ...binding.evidence.flatMap(({ text, path, line }) => {
      const place = path === undefined ? '' : line === undefined ? path : `${path}:${line}`;
      return place === '' ? block(indent, text, width) : withEdge(block(indent, text, width), place, width);
    }),
    ...(binding.assumes.length === 0 ? [] : block(`${indent}assuming: `, binding.assumes.join(', '), width)),
    ...(binding.changesIf.length === 0 ? [] : block(`${indent}would change if: `, binding.changesIf.join(', '), width)),
  ];
}

/** `reads, writes users`. */
function doing({ access, tables }: Binding): string {
  const verbs: Readonly<Record<TableUse['access'], string>> = { read: 'reads', write: 'writes', ddl: 'defines' };
  const names = [...new Set(tables.map(({ table }) => table).filter((table) => table !== '?'))];
  return [access.map((one) => verbs[one]).join(', '), list(names, 3)].filter((part) => part !== '').join(' ');
}

export function targetText(target: BindingTarget): string {
  switch (target.kind) {
    case 'store':
      return target.store;
    case 'missing':
      return `${target.path} (not there)`;
    case 'runtime':
      return `${target.path} (made when it runs)`;
    case 'family':
      return `${target.pattern} (${count(target.stores.length, 'store')} of that name)`;
    case 'temporary':
      return `${target.path} (temporary)`;
    case 'memory':
      return 'in memory';
    case 'server':
      return `${target.engine} server${target.url === undefined ? '' : ` ${target.url}`}${target.variable === undefined ? '' : `, named by ${target.variable}`}`;
    case 'outside':
      return `${target.path} (outside the project)`;
    case 'unknown':
      return `not known: ${target.why}`;
  }
}

function variables(where: Where, page: Page): readonly string[] {
  if (where.variables.length === 0) return [];
  return [
    '',
    ...where.variables.flatMap(({ path, line, kind, value, where: place }) => {
      const text =
        kind === 'set'
          ? `set to ${value ?? 'nothing'}${place === '' ? '' : ` for ${place}`}`
          : value === null
            ? 'read, no default'
            : `read, default ${value}`;
      return withEdge(block('  ', text, page.width), `${path}:${line}`, page.width);
    }),
  ];
}

/** Shown at most; the JSON document has all. */
const MENTIONS = 12;

function mentions(where: Where, page: Page): readonly string[] {
  if (where.mentions.length === 0) return [];
  const shown = where.mentions.slice(0, MENTIONS).map(({ path, line }) => `${path}:${line}`);
  const more = where.mentions.length - shown.length;
  return [
    '',
    ...block(
      '  ',
      `named and not opened: ${shown.join(', ')}${more > 0 ? `, and ${count(more, 'more line')}` : ''}`,
      page.width,
    ),
  ];
}

function unseen(where: Where, page: Page): readonly string[] {
  return where.unseen.flatMap(({ store, other, tables, exact }) => {
    const parts = tables.map(({ table, rows, conflicting }) =>
      [
        rows > 0 ? `${thousands(rows)} of ${table}` : '',
        conflicting > 0 ? `${thousands(conflicting)} of ${table} differ` : '',
      ]
        .filter((part) => part !== '')
        .join(', '),
    );
    const from =
      where.stores.length > 1 || new Set(where.unseen.map((one) => one.store)).size > 1 ? ` from ${store}` : '';
    return block(
      `rows it cannot see${from}: `,
      `${list(parts, 6)} in ${other}${exact ? '' : ' (by sample)'}`,
      page.width,
    );
  });
}

function nothing(where: Where, page: Page): readonly string[] {
  switch (where.kind) {
    case 'line':
      return wrap(`${where.query}: nothing that was understood on this line opens a store.`, page.width);
    case 'file':
      return wrap(`${where.query}: nothing that was understood in it opens a store.`, page.width);
    case 'store':
      return wrap(`No line that was understood opens ${where.query}. That is no proof that none does.`, page.width);
    case 'table':
      return wrap(`No line that was understood uses ${where.query}.`, page.width);
    case 'variable':
      return where.variables.length > 0 ? [] : wrap(`${where.query} decides no store.`, page.width);
  }
}

function next(where: Where, page: Page): readonly string[] {
  const [unseenFirst] = where.unseen;
  if (unseenFirst !== undefined)
    return block('next   ', commandLine(['diff', unseenFirst.store, unseenFirst.other]), page.width);
  const store = where.bindings.find((binding) => binding.store !== null)?.store;
  if (where.kind !== 'store' && store !== null && store !== undefined)
    return block('next   ', commandLine(['where', store]), page.width);
  return block('next   ', commandLine(['audit']), page.width);
}
