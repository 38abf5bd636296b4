/** What a rollback would do, for who is asked whether it shall: which runs, what becomes of which path, what was changed since. */
import type {
  ChangedSince,
  LaterLine,
  LeftPlace,
  RunChange,
  RunHeader,
  RunId,
  RunStatus,
  Totals,
} from '../../apply/model.ts';
import { count } from '../../audit/wording.ts';
import { block, type Page, paint, wrap } from '../page.ts';
import { printable } from '../printable.ts';
import { changedText, laterText, leftText, progressText, totalsText } from './parts.ts';
import { changeLines, lines, type RunTerminalOptions } from './run-terminal.ts';

export interface RollbackPreview {
  readonly run: RunId;
  readonly kind: RunHeader['kind'];
  readonly status: RunStatus;
  /** Newest first. */
  readonly undoes: readonly RunId[];
  readonly changes: readonly RunChange[];
  readonly totals: Totals;
  readonly changedSince: readonly ChangedSince[];
  /** What carrying back would do. */
  readonly later: readonly LaterLine[];
  readonly left: readonly LeftPlace[];
}

export function previewToTerminal(preview: RollbackPreview, form: RunTerminalOptions): string {
  const { width } = form;
  const { undoes, status, changes } = preview;
  const what = undoes.length === 1 ? 'a rollback' : `a rollback of ${count(undoes.length, 'run')}`;
  const [first = '', ...rest] = wrap(`${form.project} · ${what}`, width);
  const name = printable(form.project);
  const sections: readonly (readonly string[])[] = [
    [first.startsWith(name) ? paint(form, 'bold', name) + first.slice(name.length) : first, ...rest],
    undoes.flatMap((id) => block('  takes back  ', id === preview.run ? `${id} · ${progressText(status)}` : id, width)),
    changes.length === 0
      ? ['', ...block('  ', 'every path is as before already', width)]
      : ['', ...block('  ', totalsText(preview.totals), width)],
    changeLines(changes, form),
    lines('changed since: it goes into the vault', preview.changedSince.map(changedText), form as Page, 'yellow'),
    lines('rows written since, if they are carried back', preview.later.map(laterText), form, 'yellow'),
    lines('stays as it is', preview.left.map(leftText), form),
    [''],
  ];
  return `${sections.flat().join('\n')}\n`;
}
