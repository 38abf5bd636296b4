/** What a run did, as Markdown for an issue or a pull request. */
import type { ApplyResult } from '../../apply/model.ts';
import { code, mdTable, text } from '../markdown-text.ts';
import { changeTree, MARKS } from './change-tree.ts';
import { changedText, checkText, inOrder, laterText, leftText, seconds, statusText, totalsText } from './parts.ts';

export function runToMarkdown(result: ApplyResult, project: string): string {
  const { plan, run, dryRun, kind, status } = result;
  const list = (title: string, items: readonly string[]): readonly string[] =>
    items.length === 0 ? [] : [`## ${title}`, items.map((item) => `- ${text(item)}`).join('\n')];
  const tree = changeTree(result.changes, result.changes.length <= 200).map(
    ({ depth, mark, text: name, note }) =>
      `${'  '.repeat(depth)}${mark === null ? '' : `${MARKS[mark]} `}${name}${note === '' ? '' : `   ${note}`}`,
  );
  const parts = [
    `# ${text(project)}: ${text(statusText(status, kind, dryRun))}`,
    [
      ...(dryRun ? ['A dry run: nothing was changed.'] : run === null ? [] : [`Run ${code(run)}.`]),
      ...(plan === null ? [] : [`Plan ${code(plan.id)}, phase ${plan.phase}.`]),
      `${text(totalsText(result.totals))}, in ${seconds(result.seconds)}.`,
    ].join(' '),
    ...(result.actions.length === 0
      ? []
      : [
          '## Actions',
          mdTable(
            ['action', 'outcome', 'paths'],
            inOrder(result.actions).map(({ id, is, why, paths }) => [
              code(id),
              text(why === undefined ? is : `${is}: ${why}`),
              paths === 0 ? '' : String(paths),
            ]),
            [2],
          ),
        ]),
    ...(tree.length === 0
      ? []
      : ['## Changes', ['```', ...tree.map((line) => line.replace(/[\r\n`]/g, '?')), '```'].join('\n')]),
    ...list('Changed since', result.changedSince.map(changedText)),
    ...list('Rows written since', result.later.map(laterText)),
    ...list('Left as it is', result.left.map(leftText)),
    ...list(
      'Compared',
      result.findings.map(({ what, ok, detail }) => `${ok ? 'ok' : 'failed'} · ${what}: ${detail}`),
    ),
    ...list(
      'Checks of the project',
      result.checks.map((check) => `${check.ok ? 'ok' : 'failed'} · ${check.name}: ${checkText(check)}`),
    ),
    ...list(
      'Not verified',
      result.notVerified.map(({ what, why }) => `${what}: ${why}`),
    ),
  ];
  return `${parts.join('\n\n')}\n`;
}
