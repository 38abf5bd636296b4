/** An audit as text for a terminal: the first screen and, on request, everything behind it. */
import type { Audit, Finding } from '../audit/model.ts';
import { count, day, size, thousands } from '../audit/wording.ts';
import type { Store } from '../stores/model.ts';
import { block, commandLine, type Page, paint, table, withEdge } from './page.ts';
import { screen } from './screen.ts';
import { standingOf } from './standing-of.ts';

export interface TerminalOptions extends Page {
  readonly details: boolean;
}

export function auditToTerminal(audit: Audit, options: TerminalOptions): string {
  const lines = [...screen(audit, options), ...(options.details ? details(audit, options) : [])];
  return `${lines.join('\n')}\n`;
}

function details(audit: Audit, page: Page): readonly string[] {
  const rule = (title: string): readonly string[] => ['', paint(page, 'bold', `── ${title} ──`), ''];
  const { findings, stores, project, lookalikes } = audit;
  const section = (title: string, lines: readonly string[]): readonly string[] =>
    lines.length === 0 ? [] : [...rule(title), ...lines];
  return [
    ...section(
      'findings',
      findings.flatMap((finding, i) => [...(i === 0 ? [] : ['']), ...full(finding, page)]),
    ),
    ...section('stores', storeTable(audit, page.width)),
    ...section('not verified', notVerified(stores, page.width)),
    ...section(
      'named like a store, and none',
      lookalikes.flatMap(({ path, is, bytes }) =>
        block('  ', `${path}: ${is}${bytes > 0 ? `, ${size(bytes)}` : ''}`, page.width),
      ),
    ),
    ...section('not looked into', [
      ...project.skipped.flatMap(({ path, why, files }) =>
        block('  ', `${path}: ${why}, ${count(files, 'file')}`, page.width),
      ),
      ...project.unreadable.flatMap(({ path, why }) => block('  ', `${path || '.'}: ${why}`, page.width)),
    ]),
  ];
}

function full(finding: Finding, page: Page): readonly string[] {
  const { width } = page;
  const places = finding.at.map(({ path, line }) => (line === undefined ? path : `${path}:${line}`));
  return [
    ...withEdge([finding.code], `${finding.severity}, ${finding.confidence}`, width).map((line) =>
      line.startsWith(finding.code) ? paint(page, 'bold', finding.code) + line.slice(finding.code.length) : line,
    ),
    ...block('  ', finding.message, width),
    ...places.flatMap((place) => block('    at   ', place, width)),
    ...finding.evidence.flatMap((line) => block('    ·    ', line, width)),
    ...block('    left ', finding.consequence, width),
    ...block('    do   ', finding.action, width),
    ...(finding.command === undefined ? [] : block('         ', commandLine(finding.command), width)),
  ];
}

function storeTable(audit: Audit, width: number): readonly string[] {
  const rows = audit.stores.map((store) => [
    store.path,
    store.kind === 'unknown' ? '?' : store.kind,
    store.status === 'verified' ? String(store.tables.filter(({ kind }) => kind === 'table').length) : '',
    store.status === 'verified' ? thousands(rowsOf(store)) : '',
    size(store.bytes),
    store.freshness === undefined ? '' : day(store.freshness.at),
    standingOf(store, audit),
  ]);
  return table(
    [
      { title: 'path' },
      { title: 'kind', plain: true },
      { title: 'tables', align: 'right' },
      { title: 'rows', align: 'right' },
      { title: 'size', align: 'right' },
      { title: 'newest row' },
      { title: 'what it is', plain: true },
    ],
    rows,
    width,
  );
}

export function rowsOf(store: Store): number {
  return store.tables.reduce((sum, { rows }) => sum + (rows ?? 0), 0);
}

function notVerified(stores: readonly Store[], width: number): readonly string[] {
  return stores
    .filter(({ status }) => status === 'not-verified')
    .flatMap(({ path, reason }) =>
      block('  ', `${path}: ${reason?.message ?? reason?.code ?? 'unknown reason'}`, width),
    );
}
