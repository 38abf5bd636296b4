/** What `desprawl export` wrote, or found when it compared, as text. */
import { count, size, thousands } from '../audit/wording.ts';
import type { ExportDocument } from '../exports/model.ts';
import { block, commandLine, type Page, paint, table, wrap } from './page.ts';

export interface ExportTerminalOptions extends Page {
  /** Names that were given; empty: all. */
  readonly names: readonly string[];
  /** The folder that was given; `null`: each where it is kept. */
  readonly to: string | null;
}

export function exportToTerminal(document: ExportDocument, page: ExportTerminalOptions): string {
  const lines = document.command === 'export' ? written(document, page) : checked(document, page);
  const again = [
    'export',
    ...(page.names.length === 0 ? ['--all'] : page.names),
    ...(page.to === null ? [] : ['--to', page.to]),
  ];
  const next = document.command === 'export' ? [...again, '--check'] : document.ok ? null : again;
  return `${[...lines, ...(next === null ? [] : ['', `next   ${commandLine(next)}`])].join('\n')}\n`;
}

function written({ exports, to }: Extract<ExportDocument, { command: 'export' }>, page: ExportTerminalOptions) {
  const same = exports.filter(({ unchanged }) => unchanged).length;
  const columns = [
    { title: 'file' },
    { title: 'rows', align: 'right' },
    { title: 'columns', align: 'right' },
    { title: 'size', align: 'right' },
    { title: 'of', plain: true },
    { title: '', plain: true },
  ] as const;
  const rows = exports.map((one) => [
    one.file,
    thousands(one.rows),
    String(one.columns.length),
    size(one.bytes),
    one.store,
    [one.unchanged ? 'as it was' : '', ...one.lossy.map((option) => `${option} guarded: not exact`)]
      .filter((note) => note !== '')
      .join(', '),
  ]);
  return [
    ...wrap(
      `${count(exports.length, 'export')} in ${page.to === null ? 'the project' : to}${same === 0 ? '' : `, ${same} as it was`}`,
      page.width,
    ),
    '',
    ...table(columns, rows, page.width),
    ...exports.flatMap(({ file, kept }) =>
      kept === null ? [] : ['', ...block('kept   ', `${kept}: another file that was called ${file}`, page.width)],
    ),
  ];
}

function checked({ exports, ok }: Extract<ExportDocument, { command: 'check' }>, page: ExportTerminalOptions) {
  const equal = exports.filter(({ is }) => is === 'equal').length;
  const verdict = ok
    ? `${count(exports.length, 'export says', 'exports say')} what the tables say`
    : `${exports.length - equal} of ${count(exports.length, 'export')} do not say what the tables say`;
  const columns = [
    { title: 'file' },
    { title: '' },
    { title: 'rows', align: 'right' },
    { title: '', plain: true },
  ] as const;
  const rows = exports.map((one) => [
    one.file,
    one.is === 'undeclared' ? 'not declared' : one.is,
    one.rowsInFile === null ? '' : thousands(one.rowsInFile),
    one.why ?? '',
  ]);
  return [
    ...wrap(verdict, page.width).map((line) => paint(page, ok ? 'green' : 'red', line)),
    '',
    ...table(columns, rows, page.width),
  ];
}
