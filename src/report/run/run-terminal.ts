/** What a run, a rollback or a dry run did, on one screen: what came of it, action by action, the tree, what is not sure, what next. */
import type {
  ActionOutcome,
  ApplyResult,
  CheckResult,
  NotVerified,
  RunChange,
  VerifyFinding,
} from '../../apply/model.ts';
import { thousands } from '../../audit/wording.ts';
import { block, commandLine, type Page, paint, type Style, withEdge, wrap } from '../page.ts';
import { printable } from '../printable.ts';
import { changeTree, MARKS } from './change-tree.ts';
import { changedText, checkText, inOrder, laterText, leftText, seconds, statusText, totalsText } from './parts.ts';

const STYLES: Readonly<Record<ActionOutcome['is'], Style>> = {
  applied: 'green',
  'taken back': 'green',
  undecided: 'yellow',
  blocked: 'yellow',
  'later phase': 'dim',
  'already so': 'dim',
  skipped: 'dim',
};
const MARK_STYLES = { made: 'green', changed: 'yellow', mode: 'yellow', moved: 'cyan', removed: 'red' } as const;
/** Of each kind of list. */
const SHOWN = 12;

export interface RunTerminalOptions extends Page {
  /** Name of the project. */
  readonly project: string;
  /** Every path. */
  readonly details?: boolean;
  /** The plan file, where the command line named one. */
  readonly plan?: string;
}

export function runToTerminal(result: ApplyResult, page: RunTerminalOptions): string {
  const { width } = page;
  const sections = [
    title(result, page),
    actions(result, page),
    result.status === 'nothing to do' ? [] : ['', ...block('  ', totalsText(result.totals), width)],
    changeLines(result.changes, page),
    lines('changed since', result.changedSince.map(changedText), page, 'yellow'),
    lines('rows written since', result.later.map(laterText), page, 'yellow'),
    ...(result.kind === 'rollback'
      ? [lines('stays as it is', result.left.map(leftText), page)]
      : leftSections(result.left, page)),
    findings(result.findings, page),
    checks(result.checks, page),
    notVerified(result.notVerified, page),
    next(result, page),
  ];
  return `${sections.flat().join('\n')}\n`;
}

/** Places of code have a line; what has none is a table of a source that no merge takes. */
export function leftSections(left: ApplyResult['left'], page: Page): readonly (readonly string[])[] {
  const [places, apart] = [
    left.filter(({ line }) => line !== undefined),
    left.filter(({ line }) => line === undefined),
  ];
  return [
    lines('names the old place, left as it is', places.map(leftText), page),
    lines('stays apart', apart.map(leftText), page),
  ];
}

function title(result: ApplyResult, page: RunTerminalOptions): readonly string[] {
  const phase =
    result.plan === null ? '' : ` · ${result.plan.id}${result.plan.phase === 1 ? '' : `, phase ${result.plan.phase}`}`;
  const status = statusText(result.status, result.kind, result.dryRun);
  const dry = result.dryRun ? 'dry run: ' : '';
  const text = `${page.project}${phase} · ${dry}${status} in ${seconds(result.seconds)}`;
  const wrapped = wrap(text, page.width);
  const name = printable(page.project);
  const [first = '', ...rest] = wrapped;
  const bold = first.startsWith(name) ? paint(page, 'bold', name) + first.slice(name.length) : first;
  // A run of a copy is gone with the copy.
  const run = result.run === null || result.dryRun ? [] : block('  run  ', result.run, page.width);
  const undoes = result.undoes.flatMap((id) => block('  takes back  ', id, page.width));
  return [bold, ...rest, ...run, ...undoes];
}

function actions(result: ApplyResult, page: Page): readonly string[] {
  if (result.actions.length === 0) return [];
  const label = Math.max(...result.actions.map(({ is }) => is.length));
  return [
    '',
    ...inOrder(result.actions).flatMap((action) => {
      const is = result.dryRun && action.is === 'applied' ? 'applies' : action.is;
      const head = `  ${is.padEnd(label)}  `;
      const text = action.why === undefined ? action.id : `${action.id}: ${action.why}`;
      const paths = action.paths > 0 ? `${thousands(action.paths)} ${action.paths === 1 ? 'path' : 'paths'}` : '';
      const body = block(head, text, page.width);
      const [first = '', ...rest] = paths === '' ? body : withEdge(body, paths, page.width);
      return [`  ${paint(page, STYLES[action.is], is.padEnd(label))}${first.slice(2 + label)}`, ...rest];
    }),
  ];
}

export function changeLines(changes: readonly RunChange[], page: RunTerminalOptions): readonly string[] {
  const found = changeTree(changes, page.details === true);
  if (found.length === 0) return [];
  return [
    '',
    ...found.flatMap(({ depth, mark, text, note }) => {
      const sign = mark === null ? ' ' : MARKS[mark];
      const head = `  ${'  '.repeat(depth)}${sign} `;
      const body = block(head, text, page.width);
      const [first = '', ...rest] = note === '' ? body : noted(body, note, head.length, page.width);
      if (mark === null) return [first, ...rest];
      const at = head.length - 2;
      return [`${first.slice(0, at)}${paint(page, MARK_STYLES[mark], sign)}${first.slice(at + 1)}`, ...rest];
    }),
  ];
}

/** At the edge, or where it is too long for a line, below. */
function noted(body: readonly string[], note: string, indent: number, width: number): readonly string[] {
  const shown = printable(note);
  return shown.length <= width / 2
    ? withEdge(body, shown, width)
    : [...body, ...block(' '.repeat(indent + 2), note, width)];
}

export function findings(all: readonly VerifyFinding[], page: Page): readonly string[] {
  if (all.length === 0) return [];
  const label = Math.max(...all.map(({ what }) => what.length));
  return [
    '',
    'verified',
    ...all.flatMap(({ what, ok, detail, places }) => {
      const body = block(`  ${ok ? 'ok  ' : 'FAIL'}  ${what.padEnd(label)}  `, detail, page.width);
      const [first = '', ...rest] = body;
      const sign = ok ? 'ok  ' : 'FAIL';
      return [
        `  ${paint(page, ok ? 'green' : 'red', sign)}${first.slice(2 + sign.length)}`,
        ...rest,
        ...places
          .slice(0, SHOWN)
          .flatMap(({ path, line, what: is }) =>
            block('          ', `${path}${line === undefined ? '' : `:${line}`}  ${is}`, page.width),
          ),
        ...(places.length > SHOWN ? [`          and ${thousands(places.length - SHOWN)} more`] : []),
      ];
    }),
  ];
}

export function checks(all: readonly CheckResult[], page: Page): readonly string[] {
  if (all.length === 0) return [];
  const label = Math.max(...all.map(({ name }) => name.length));
  return [
    '',
    'checks',
    ...all.flatMap((check) => {
      const sign = check.ok ? 'ok  ' : 'FAIL';
      const body = block(`  ${sign}  ${check.name.padEnd(label)}  `, checkText(check), page.width);
      const [first = '', ...rest] = body;
      const output = (check.output ?? []).flatMap((line) => block('          | ', line, page.width));
      return [`  ${paint(page, check.ok ? 'green' : 'red', sign)}${first.slice(6)}`, ...rest, ...output];
    }),
  ];
}

export function notVerified(all: readonly NotVerified[], page: Page): readonly string[] {
  return lines(
    'not verified',
    all.map(({ what, why }) => `${what}: ${why}`),
    page,
    'yellow',
  );
}

export function lines(name: string, texts: readonly string[], page: Page, style?: Style): readonly string[] {
  if (texts.length === 0) return [];
  return [
    '',
    ...wrap(name, page.width).map((line) => (style === undefined ? line : paint(page, style, line))),
    ...texts.slice(0, SHOWN).flatMap((text) => block('  ', text, page.width)),
    ...(texts.length > SHOWN ? block('  ', `and ${thousands(texts.length - SHOWN)} more: --json`, page.width) : []),
  ];
}

/** What was tried, with what was said of later rows: without that it would be refused, or asked again. */
function rollbackAgain({ later }: ApplyResult): readonly string[] {
  if (later.length === 0) return ['rollback'];
  // Rows that were to be kept aside are so without a reason.
  const isAside = later.every(({ carried, why }) => carried === 0 && Object.keys(why).length === 0);
  return ['rollback', '--later', isAside ? 'aside' : 'carry'];
}

function next(result: ApplyResult, page: RunTerminalOptions): readonly string[] {
  const { dryRun, kind, status, run, actions: all } = result;
  const apply = page.plan === undefined ? ['apply'] : ['apply', page.plan];
  const commands: (readonly [readonly string[], string])[] = [];
  if (status === 'interrupted') {
    commands.push([['apply', '--continue'], 'finishes it'], [['rollback'], 'takes it back']);
  } else if (dryRun) {
    commands.push([kind === 'rollback' ? rollbackAgain(result) : apply, 'does it']);
  } else if (run !== null && kind === 'rollback') {
    commands.push([['rollback', run], 'takes this rollback back']);
  } else if (run !== null) {
    if (status === 'applied') commands.push([['verify'], 'compares with the state before']);
    commands.push([['rollback', run], 'takes it back']);
  }
  if (!dryRun && all.some(({ is }) => is === 'undecided')) commands.push([apply, 'asks what is undecided']);
  return commands.length === 0 ? [] : ['', ...nextLines(commands, page)];
}

export function nextLines(commands: readonly (readonly [readonly string[], string])[], page: Page): readonly string[] {
  return commands.flatMap(([args, why], i) =>
    withEdge(block(i === 0 ? 'next   ' : '       ', commandLine(args), page.width), why, page.width),
  );
}
