/** A verification as a document for the owner of a project: what there was, what there is, who decided what, and what nobody checked. */
import type { Structure, VerifyReport } from '../../apply/model.ts';
import { count, size, thousands } from '../../audit/wording.ts';
import { code, mdTable, text } from '../markdown-text.ts';
import { changeTree, MARKS } from '../run/change-tree.ts';
import { checkText, inOrder, leftText, statusText, totalsText } from '../run/parts.ts';
import { compareStores, findingsChanged } from './compare-structure.ts';
import { sizeOf } from './verify-terminal.ts';

export function verifyToMarkdown(report: VerifyReport, project: string): string {
  const { before, after } = report;
  const failed = [...report.findings, ...report.checks].filter(({ ok }) => !ok).length;
  const parts: readonly string[] = [
    `# ${text(project)}: ${text(report.plan === null ? 'a run' : report.plan.id)}`,
    [
      report.ok
        ? '**As planned; nothing compared is worse than before.**'
        : `**${count(failed, 'comparison')} failed.**`,
      `Run ${code(report.run)}, ${text(statusText(report.status, 'apply'))}, verified ${report.at.slice(0, 16).replace('T', ' ')} UTC with desprawl ${text(report.tool)}.`,
      `${text(totalsText(report.totals))}.`,
    ].join(' '),
    ...structure(before, after, report),
    ...section('What changed', tree(report)),
    ...section('Decisions', decisions(report)),
    ...section('Actions', actions(report)),
    ...section('Compared', compared(report)),
    ...section('Checks of the project', checks(report)),
    ...section('Rows', ledger(report)),
    ...section(
      'Left as it is',
      report.left.map((left) => `- ${text(leftText(left))} (${code(left.action)})`).join('\n'),
    ),
    '## Not verified',
    report.notVerified.length === 0
      ? 'Nothing: all that was to be compared could be.'
      : report.notVerified.map(({ what, why }) => `- ${text(what)}: ${text(why)}`).join('\n'),
    '## Going back',
    `${code(`desprawl rollback ${report.run}`)} takes everything back, bytes, modes and times, from another process and at any later time; what was changed since is kept and listed.`,
  ];
  return `${parts.join('\n\n')}\n`;
}

function section(title: string, body: string): readonly string[] {
  return body === '' ? [] : [`## ${title}`, body];
}

function structure(before: Structure | null, after: Structure, report: VerifyReport): readonly string[] {
  if (before === null) return [`## Now`, text(sizeOf(after))];
  const rows = compareStores(before, after, report.changes).map(({ is, path, from, before: was, after: now }) => [
    is === 'same' ? '' : is,
    from === undefined ? code(path) : `${code(from)} → ${code(path)}`,
    number(was?.rows),
    number(now?.rows),
    was === undefined ? '' : size(was.bytes),
    now === undefined ? '' : size(now.bytes),
  ]);
  const codes = findingsChanged(before, after).map(({ code: of, was, is }) => [code(of), String(was), String(is)]);
  return [
    '## Before and after',
    `- before: ${text(sizeOf(before))}\n- after: ${text(sizeOf(after))}`,
    ...(rows.length === 0
      ? []
      : [mdTable(['', 'store', 'rows before', 'after', 'size before', 'after'], rows, [2, 3, 4, 5])]),
    ...(codes.length === 0 ? [] : ['### Findings', mdTable(['finding', 'before', 'after'], codes, [1, 2])]),
  ];
}

function tree({ changes }: VerifyReport): string {
  const lines = changeTree(changes, changes.length <= 200).map(
    ({ depth, mark, text: name, note }) =>
      `${'  '.repeat(depth)}${mark === null ? '' : `${MARKS[mark]} `}${name.replaceAll('`', "'")}${note === '' ? '' : `   ${note.replaceAll('`', "'")}`}`,
  );
  return lines.length === 0 ? '' : ['```', ...lines.map((line) => line.replace(/[\r\n]/g, '?')), '```'].join('\n');
}

function decisions({ decisions: all }: VerifyReport): string {
  if (all.length === 0) return '';
  return mdTable(
    ['question', 'answer', ''],
    all.map(({ question, chosen, means, proposed }) => [
      text(question),
      chosen === null ? '**open**' : `${code(chosen)}${means === undefined ? '' : `: ${text(means)}`}`,
      chosen === null ? '' : proposed ? 'as proposed' : 'the owner’s choice',
    ]),
  );
}

function actions({ actions: all }: VerifyReport): string {
  if (all.length === 0) return '';
  return mdTable(
    ['action', 'outcome', 'paths', 'reason'],
    inOrder(all).map(({ id, is, why, paths, reason }) => [
      code(id),
      text(why === undefined ? is : `${is}: ${why}`),
      paths === 0 ? '' : thousands(paths),
      text(reason ?? ''),
    ]),
    [2],
  );
}

function compared({ findings }: VerifyReport): string {
  return findings
    .map(({ what, ok, detail, places }) =>
      [
        `- ${ok ? 'ok' : '**failed**'} · ${text(what)}: ${text(detail)}`,
        ...places.map(
          ({ path, line, what: is }) => `  - ${code(line === undefined ? path : `${path}:${line}`)} ${text(is)}`,
        ),
      ].join('\n'),
    )
    .join('\n');
}

function checks({ checks: all }: VerifyReport): string {
  if (all.length === 0) return '';
  const output = all.flatMap(({ name, output: lines }) =>
    lines === undefined
      ? []
      : [`The end of ${code(name)}:`, ['```', ...lines.map((line) => line.replaceAll('```', "'''")), '```'].join('\n')],
  );
  const list = mdTable(
    ['check', 'before', 'after', ''],
    all.map((check) => [
      code(check.name),
      text(check.before ?? 'not run'),
      text(check.after ?? 'not run'),
      check.ok ? 'ok' : `**failed**: ${text(check.why ?? checkText(check))}`,
    ]),
  );
  return [list, ...output].join('\n\n');
}

function ledger({ ledger: all }: VerifyReport): string {
  if (all.length === 0) return '';
  return mdTable(
    ['store', 'table', 'rows', 'inserted', 'identical', 'merged', 'retained', 'conflicts'],
    all.map((line) => [
      code(line.store),
      code(line.table),
      ...[line.rows, line.inserted, line.identical, line.merged, line.retained, line.conflicts].map(number),
    ]),
    [2, 3, 4, 5, 6, 7],
  );
}

function number(value: number | null | undefined): string {
  return value === undefined ? '' : value === null ? 'not verified' : thousands(value);
}
