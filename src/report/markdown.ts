/** An audit as Markdown, for an issue or a pull request: the verdict, the findings with their evidence, the stores. */
import type { Audit, Finding } from '../audit/model.ts';
import { count, day, size, thousands } from '../audit/wording.ts';
import { code, text } from './markdown-text.ts';
import { commandLine } from './page.ts';
import { SEVERITIES } from './screen.ts';
import { standingOf } from './standing-of.ts';
import { rowsOf } from './terminal.ts';

export function auditToMarkdown(audit: Audit): string {
  const { project, stores, findings, took } = audit;
  const bytes = stores.reduce((sum, store) => sum + store.bytes, 0);
  const problems = findings.filter(({ severity }) => severity !== 'good');
  const good = findings.filter(({ severity }) => severity === 'good');
  const bySeverity = SEVERITIES.map((one) => `${one} ${problems.filter(({ severity }) => severity === one).length}`);
  const head = project.git?.head ? `, commit ${code(project.git.head.slice(0, 12))}` : '';
  return `${[
    `# Audit of ${text(project.name)}`,
    `${count(stores.length, 'store')}, ${size(bytes)}, ${count(project.files, 'file')}${head}. ${text(bySeverity.join(' · '))}. Audited in ${took.seconds.toFixed(1)} s; nothing was changed.`,
    ...(problems.length === 0 ? ['Nothing to report.'] : ['## Findings', ...problems.flatMap(section)]),
    ...(good.length === 0 ? [] : ['## Well kept', good.map(({ message }) => `- ${text(message)}`).join('\n')]),
    ...(stores.length === 0 ? [] : ['## Stores', storeTable(audit)]),
    ...notVerified(audit),
  ].join('\n\n')}\n`;
}

function section(finding: Finding): readonly string[] {
  const places = finding.at.map(({ path, line }) => code(line === undefined ? path : `${path}:${line}`));
  return [
    `### ${text(finding.message)}`,
    `${code(finding.code)} · ${finding.severity} · ${finding.confidence} · ${places.join(', ')}`,
    finding.evidence.map((line) => `- ${text(line)}`).join('\n'),
    `If left: ${text(finding.consequence)}`,
    `To do: ${text(finding.action)}${finding.command === undefined ? '' : ` ${code(commandLine(finding.command))}`}`,
  ].filter((part) => part !== '');
}

function storeTable(audit: Audit): string {
  const rows = audit.stores.map((store) => [
    code(store.path),
    store.kind === 'unknown' ? '?' : store.kind,
    store.status === 'verified' ? thousands(rowsOf(store)) : '',
    size(store.bytes),
    store.freshness === undefined ? '' : day(store.freshness.at),
    text(standingOf(store, audit)),
  ]);
  const lines = [
    ['path', 'kind', 'rows', 'size', 'newest row', 'what it is'],
    ['---', '---', '--:', '--:', '---', '---'],
    ...rows,
  ];
  return lines.map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

function notVerified({ stores }: Audit): readonly string[] {
  const closed = stores.filter(({ status }) => status === 'not-verified');
  if (closed.length === 0) return [];
  const lines = closed.map(({ path, reason }) => `- ${code(path)}: ${text(reason?.message ?? 'unknown reason')}`);
  return ['## Not verified', lines.join('\n')];
}
