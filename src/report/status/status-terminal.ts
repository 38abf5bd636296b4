/** Where a project stands: does a run wait, which runs are in force, where the state lies, what next. */
import type { RunSummary, StatusDocument } from '../../apply/model.ts';
import { count } from '../../audit/wording.ts';
import { block, type Page, paint, wrap } from '../page.ts';
import { printable } from '../printable.ts';
import { progressText } from '../run/parts.ts';
import { nextLines } from '../run/run-terminal.ts';

export function statusToTerminal(status: StatusDocument, page: Page): string {
  const { width } = page;
  const waiting = status.runs.find(({ run }) => run === status.waiting);
  const inForce = status.runs.filter(isInForce);
  const name = printable(status.project);
  const [first = '', ...rest] = wrap(`${status.project} · ${headline(status, waiting, inForce)}`, width);
  const lines = [
    first.startsWith(name) ? paint(page, 'bold', name) + first.slice(name.length) : first,
    ...rest,
    ...block('  state  ', status.state, width),
    ...status.working.flatMap(({ command, pid, host, since, alive, file }) => {
      const who = `${command} (process ${pid} on ${host}) since ${time(since)}`;
      const unsure = alive === 'yes' ? '' : `; whether it is gone cannot be told from here. If it is, delete ${file}`;
      return block('  works  ', `${who}${unsure}`, width);
    }),
    ...status.notes.flatMap((note) => block('  note   ', note, width)),
    ...(waiting === undefined ? [] : ['', ...interrupted(waiting, page)]),
    ...(inForce.length === 0 ? [] : ['', 'in force', ...inForce.slice(0, 5).flatMap((run) => runLine(run, page))]),
    ...(inForce.length > 5 ? [`  and ${count(inForce.length - 5, 'more', 'more')}: desprawl runs`] : []),
    ...next(status, waiting, inForce, page),
  ];
  return `${lines.join('\n')}\n`;
}

export function runsToTerminal(status: StatusDocument, page: Page): string {
  if (!status.known) return statusToTerminal(status, page);
  if (status.runs.length === 0) {
    return `${[...wrap(`${status.project} · no runs`, page.width), ...block('  state  ', status.state, page.width)].join('\n')}\n`;
  }
  const lines = [
    ...wrap(`${status.project} · ${count(status.runs.length, 'run')}, newest first`, page.width),
    '',
    ...status.runs.flatMap((run) => runLine(run, page)),
  ];
  return `${lines.join('\n')}\n`;
}

function headline(status: StatusDocument, waiting: RunSummary | undefined, inForce: readonly RunSummary[]): string {
  if (!status.known) return 'nothing is known of runs: there is no state';
  if (waiting !== undefined) return 'a run was interrupted and waits';
  if (status.runs.some(({ status: { is } }) => is === 'running')) return 'a run is under way';
  if (status.runs.length === 0) return 'no runs';
  if (inForce.length === 0) return `no run in force, ${count(status.runs.length, 'run')} in all`;
  return `${count(inForce.length, 'run')} in force`;
}

function interrupted({ run, kind, status }: RunSummary, page: Page): readonly string[] {
  const why =
    status.stopped === null ? 'its process ended without a word' : `${status.stopped.message} (${status.stopped.code})`;
  return [
    ...block('  ', `${kind === 'rollback' ? 'rollback' : 'run'} ${run}: ${progressText(status)}`, page.width),
    ...block('  ', why, page.width),
    ...(status.damaged ? block('  ', 'Its journal is damaged: it can be taken back, not continued.', page.width) : []),
  ];
}

function runLine(summary: RunSummary, page: Page): readonly string[] {
  const { run, kind, plan, status, undoes, cannotGoBack, with: others } = summary;
  const what =
    kind === 'rollback'
      ? `takes back ${undoes.join(', ')}`
      : plan === null
        ? 'restore from a backup'
        : `${plan.id}${plan.phase === 1 ? '' : `, phase ${plan.phase}`}`;
  const by = status.by === null ? '' : ` by ${status.by}`;
  const failed = summary.verifications.at(-1)?.ok === false && status.is === 'applied' ? ', verification failed' : '';
  const head = `  ${run}  `;
  const text = `${status.is}${by}${failed} · ${progressText(status)} · ${what}`;
  const more = [
    ...(cannotGoBack === null ? [] : [`cannot be taken back: ${cannotGoBack}`]),
    ...(others.length === 0 ? [] : [`goes back together with ${others.join(', ')}, which came later`]),
  ];
  const dim = status.is === 'rolled back' || status.is === 'prepared';
  return [
    ...block(head, text, page.width).map((line) => (dim ? paint(page, 'dim', line) : line)),
    ...more.flatMap((line) => block('      ', line, page.width)),
  ];
}

function isInForce({ kind, status: { is } }: RunSummary): boolean {
  return kind === 'apply' && (is === 'applied' || is === 'verified');
}

function next(
  status: StatusDocument,
  waiting: RunSummary | undefined,
  inForce: readonly RunSummary[],
  page: Page,
): readonly string[] {
  const commands: (readonly [readonly string[], string])[] = [];
  if (waiting !== undefined) {
    if (!waiting.status.damaged)
      commands.push([['apply', '--continue'], waiting.kind === 'rollback' ? 'finishes the rollback' : 'finishes it']);
    commands.push([['rollback'], waiting.kind === 'rollback' ? 'goes back to the state before it' : 'takes it back']);
  } else if (inForce.length > 0) {
    const [newest] = inForce;
    if (newest?.status.is === 'applied') commands.push([['verify'], 'compares with the state before']);
    commands.push([['rollback'], 'takes the newest back']);
  } else if (status.working.length === 0) {
    commands.push([['plan'], 'what could be done']);
  }
  return commands.length === 0 ? [] : ['', ...nextLines(commands, page)];
}

function time(iso: string): string {
  return `${iso.slice(0, 16).replace('T', ' ')} UTC`;
}
