/** A verification for the one who made the run: did it hold, what was compared, what is not sure, what next. */
import type { Structure, VerifyReport } from '../../apply/model.ts';
import { count, size, thousands } from '../../audit/wording.ts';
import { block, type Page, paint, table, wrap } from '../page.ts';
import { printable } from '../printable.ts';
import { seconds, totalsText } from '../run/parts.ts';
import { checks, findings, leftSections, nextLines, notVerified } from '../run/run-terminal.ts';
import { type ComparedStore, compareStores, findingsChanged } from './compare-structure.ts';

export interface VerifyTerminalOptions extends Page {
  readonly project: string;
}

export function verifyToTerminal(report: VerifyReport, page: VerifyTerminalOptions): string {
  const { width } = page;
  const failed = [...report.findings, ...report.checks].filter(({ ok }) => !ok).length;
  const verdict = report.ok
    ? report.notVerified.length === 0
      ? 'everything compared is as planned, and nothing is worse than before'
      : `what could be compared is as planned, and nothing of it is worse than before; ${count(report.notVerified.length, 'thing')} could not be compared`
    : `${count(failed, 'comparison')} failed`;
  const name = printable(page.project);
  const [first = '', ...rest] = wrap(
    `${page.project} · run ${report.run} · verified in ${seconds(report.seconds)}`,
    width,
  );
  const sections = [
    [first.startsWith(name) ? paint(page, 'bold', name) + first.slice(name.length) : first, ...rest],
    ['', ...block('  ', verdict, width).map((line) => paint(page, report.ok ? 'green' : 'red', line))],
    ['', ...block('  ', totalsText(report.totals), width)],
    structure(report.before, report.after, page),
    findings(report.findings, page),
    checks(report.checks, page),
    ...leftSections(report.left, page),
    notVerified(report.notVerified, page),
    next(report, page),
  ];
  return `${sections.flat().join('\n')}\n`;
}

function structure(before: Structure | null, after: Structure, page: Page): readonly string[] {
  if (before === null) return ['', ...block('  ', sizeOf(after), page.width)];
  const changed = compareStores(before, after).filter(({ is }) => is !== 'same');
  const codes = findingsChanged(before, after);
  return [
    '',
    ...block('  before  ', sizeOf(before), page.width),
    ...block('  now     ', sizeOf(after), page.width),
    ...(codes.length === 0
      ? []
      : block('  findings  ', codes.map(({ code, was, is }) => `${code} ${was} → ${is}`).join(', '), page.width)),
    ...(changed.length === 0
      ? []
      : ['', ...table(COLUMNS, changed.map(row), page.width - 2).map((line) => `  ${line}`)]),
  ];
}

const COLUMNS = [
  { title: '' },
  { title: 'store' },
  { title: 'rows before', align: 'right' },
  { title: 'now', align: 'right' },
  { title: 'bytes before', align: 'right' },
  { title: 'now', align: 'right' },
] as const;

function row({ is, path, from, before, after }: ComparedStore): readonly string[] {
  const n = (value: number | null | undefined): string =>
    value === undefined ? '' : value === null ? '?' : thousands(value);
  const b = (value: number | undefined): string => (value === undefined ? '' : size(value));
  const sign = { gone: '-', new: '+', moved: '>', changed: '~', same: ' ' }[is];
  const name = from === undefined ? path : `${path} (was ${from})`;
  return [sign, name, n(before?.rows), n(after?.rows), b(before?.bytes), b(after?.bytes)];
}

export function sizeOf({ stores, files, connectionModules }: Structure): string {
  const bytes = stores.reduce((sum, store) => sum + store.bytes, 0);
  return `${count(stores.length, 'store')}, ${size(bytes)} · ${count(connectionModules, 'module')} with connections · ${count(files, 'file')}`;
}

function next({ ok, run, status }: VerifyReport, page: Page): readonly string[] {
  if (status === 'rolled back') return ['', ...nextLines([[['runs'], 'which runs are in force']], page)];
  if (!ok)
    return [
      '',
      ...nextLines(
        [
          [['rollback', run], 'takes it back'],
          [['verify', '--json'], 'every place'],
        ],
        page,
      ),
    ];
  return [
    '',
    ...nextLines(
      [
        [['verify', '--format', 'md'], 'the report for an owner'],
        [['rollback', run], 'takes it back'],
      ],
      page,
    ),
  ];
}
