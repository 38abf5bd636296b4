/**
 * The first screen of an audit: how bad, where, what next, in at most 24 lines of 80 columns. A person who reads nothing else
 * takes the right decision; what does not fit is counted, never dropped silently.
 */

import type { Audit, Finding, Severity } from '../audit/model.ts';
import { count, list, size, thousands } from '../audit/wording.ts';
import { block, commandLine, type Page, paint, type Style, withEdge, wrap } from './page.ts';
import { printable } from './printable.ts';
import { verdict } from './verdict.ts';

export const SEVERITIES: readonly Severity[] = ['critical', 'high', 'medium', 'low'];
const STYLES: Readonly<Record<Severity, Style>> = {
  critical: ['bold', 'red'],
  high: 'red',
  medium: 'yellow',
  low: 'dim',
  good: 'green',
};
/** Lines of a small terminal, without the one that the shell's next prompt takes. */
const LINES = 23;
/** Kinds of findings that are shown even where the page is too narrow for one screen. */
const LEAST_SHOWN = 3;

export function screen(audit: Audit, page: Page): readonly string[] {
  const { width } = page;
  const problems = audit.findings.filter(({ severity }) => severity !== 'good');
  const head = [...title(audit, page), '', ...block('  ', verdict(audit), width), ''];
  const foot = ['', ...counts(audit, problems, width), ...wellKept(audit, width), '', ...next(problems, width)];
  const kinds = byCode(problems);
  const shown: string[] = [];
  let fitting = 0;
  for (const [first, ...others] of kinds) {
    if (first === undefined) continue;
    const lines = item(first, others.length, page);
    const spare = fitting + 1 < kinds.length ? 1 : 0;
    if (fitting >= LEAST_SHOWN && head.length + shown.length + lines.length + spare + foot.length > LINES) break;
    shown.push(...lines);
    fitting++;
  }
  const left = kinds.slice(fitting).map(([first]) => first?.code ?? '');
  const more = left.length === 0 ? [] : block('  also      ', list(left, Math.max(2, Math.floor(width / 24))), width);
  const nothing = problems.length === 0 ? block('  ', 'Nothing to report.', width) : [];
  return [...head, ...shown, ...more, ...nothing, ...foot];
}

function title(audit: Audit, page: Page): readonly string[] {
  const { project, stores, took } = audit;
  const bytes = stores.reduce((sum, store) => sum + store.bytes, 0);
  const [name = '', ...rest] = wrap(
    `${project.name} · ${count(stores.length, 'store')}, ${size(bytes)} · ${count(project.files, 'file')} · audited in ${seconds(took.seconds)}, nothing changed`,
    page.width,
  );
  const own = printable(project.name);
  const first = name.startsWith(own) ? paint(page, 'bold', own) + name.slice(own.length) : name;
  return [first, ...rest];
}

/** Worst kind first: one finding of each says more than three of the same. */
function byCode(problems: readonly Finding[]): readonly (readonly Finding[])[] {
  const kinds = new Map<string, Finding[]>();
  for (const finding of problems) {
    const kind = kinds.get(finding.code);
    if (kind === undefined) kinds.set(finding.code, [finding]);
    else kind.push(finding);
  }
  return [...kinds.values()];
}

/** `others`: findings of the same code that are not shown. */
function item(finding: Finding, others: number, page: Page): readonly string[] {
  const label = finding.severity.padEnd(8);
  const lines = block(`  ${label}  `, finding.message, page.width);
  const unsure = finding.confidence === 'proven' ? '' : `${finding.confidence} · `;
  const code = `${unsure}${finding.code}${others === 0 ? '' : ` +${others}`}`;
  const [first = '', ...rest] = withEdge(lines, code, page.width);
  return [`  ${paint(page, STYLES[finding.severity], label)}${first.slice(2 + label.length)}`, ...rest].map((line) =>
    page.colour && line.endsWith(code) ? line.slice(0, -code.length) + paint(page, 'dim', code) : line,
  );
}

function counts({ stores, project }: Audit, problems: readonly Finding[], width: number): readonly string[] {
  const bySeverity = SEVERITIES.map(
    (severity) => `${severity} ${problems.filter((finding) => finding.severity === severity).length}`,
  ).join(' · ');
  const closed = stores.filter(({ status }) => status === 'not-verified');
  const why = [...new Set(closed.map(({ reason }) => REASONS[reason?.code ?? ''] ?? reason?.code ?? ''))].sort();
  const notVerified = closed.length === 0 ? '' : ` · ${count(closed.length, 'store')} not verified (${why.join(', ')})`;
  const unlisted = project.unreadable.length;
  const hidden = unlisted === 0 ? '' : ` · ${count(unlisted, 'place')} could not be looked into`;
  return block('  ', `${bySeverity}${notVerified}${hidden}`, width);
}

const REASONS: Readonly<Record<string, string>> = {
  'lfs-pointer': 'LFS pointer',
  'missing-content': 'content missing',
  'no-space': 'no space for a copy',
  'not-utf8': 'no readable text',
};

function wellKept({ findings }: Audit, width: number): readonly string[] {
  const paths = findings.filter(({ severity }) => severity === 'good').flatMap(({ at }) => at.map(({ path }) => path));
  return paths.length === 0 ? [] : block('  well kept: ', list(paths, 3), width);
}

/** The last lines name the next commands; the first of them belongs to the worst finding that has one. */
function next(problems: readonly Finding[], width: number): readonly string[] {
  const worst = problems.find(({ command }) => command !== undefined);
  const commands: (readonly [readonly string[], string])[] = [];
  if (worst?.command !== undefined) commands.push([worst.command, 'row by row']);
  const [first] = problems;
  if (first !== undefined) {
    commands.push([['explain', first.code], 'what it means']);
    commands.push([['audit', '--details'], 'everything, with evidence']);
  } else {
    commands.push([['init'], 'write down what is meant to be here']);
  }
  return commands.flatMap(([args, why], i) =>
    withEdge(block(i === 0 ? '  next   ' : '         ', commandLine(args), width), why, width),
  );
}

function seconds(value: number): string {
  return value < 9.95 ? `${value.toFixed(1)} s` : `${thousands(Math.round(value))} s`;
}
