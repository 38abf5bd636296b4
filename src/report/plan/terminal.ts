/** A plan as text for a terminal: what is done to what and why, what is asked, what is left alone, what it adds up to, what comes next. */
import { count, size } from '../../audit/wording.ts';
import { typeOf } from '../../plan/actions/index.ts';
import { inWords } from '../../plan/estimate.ts';
import type { Decision, Left } from '../../plan/model.ts';
import { block, commandLine, type Page, paint, type Style, withEdge } from '../page.ts';
import { type ActionView, othersInWords, type PlanView, totalsInWords } from './view.ts';

const STYLES: Readonly<Record<string, Style>> = {
  '-': 'red',
  '+': 'green',
  '~': 'yellow',
  '>': 'cyan',
  '?': ['bold', 'yellow'],
};
const KIND = 11;
/** From here on an id has a line of its own. */
const LONG_ID = 20;
/** More of them are counted: the file has all. */
const LEFT_SHOWN = 6;
const PLACE = 28;

export interface TerminalPlanOptions extends Page {
  /** Only this phase. */
  readonly phase?: number;
  /** Commands that come next, each with what it does. */
  readonly next: readonly (readonly [args: readonly string[], why: string])[];
}

export function planToTerminal(view: PlanView, options: TerminalPlanOptions): string {
  const { phase } = options;
  const shown = view.actions.filter(({ action }) => phase === undefined || action.phase === phase);
  const phases = new Set(view.actions.map(({ action }) => action.phase));
  const lines = [...title(view, options), ''];
  let last = 0;
  for (const one of shown) {
    if (phases.size > 1 && one.action.phase !== last) lines.push(paint(options, 'bold', `  phase ${one.action.phase}`));
    last = one.action.phase;
    lines.push(...actionLines(one, options), '');
  }
  if (shown.length === 0) lines.push('  Nothing is proposed.', '');
  for (const decision of view.decisions) lines.push(...decisionLines(decision, view, options), '');
  lines.push(...leftLines(view, options));
  lines.push(...otherLines(view, options), ...sum(view, options));
  lines.push(...nextLines(options));
  return `${lines.map((line) => line.trimEnd()).join('\n')}\n`;
}

/** The same without reasons and questions, for who has just seen them. */
export function planBriefly(view: PlanView, options: Omit<TerminalPlanOptions, 'next'>): string {
  const { phase } = options;
  const shown = view.actions.filter(({ action }) => phase === undefined || action.phase === phase);
  const lines = [
    ...title(view, options),
    '',
    ...shown.flatMap((one) => headLines(one, options, one.is === 'ready' ? edge(one) : one.is)),
    '',
    ...sum(view, options),
  ];
  return `${lines.map((line) => line.trimEnd()).join('\n')}\n`;
}

function title(view: PlanView, page: Page): readonly string[] {
  const open = view.decisions.filter(({ chosen }) => chosen === null).length;
  const asked =
    view.decisions.length === 0
      ? 'no decisions'
      : `${count(view.decisions.length, 'decision')}${open === 0 ? ', all answered' : ` (${open} open)`}`;
  const text = `${view.project} · ${count(view.actions.length, 'action')}, ${asked} · ${view.plan.plan}`;
  return block('', text, page.width).map((line, i) => (i === 0 ? paint(page, 'bold', line) : line));
}

/** `  - archive   backups/hub-*.db                         12 files, 1.2 MB`. */
export function actionLines(view: ActionView, page: Page): readonly string[] {
  const { action, is, locked } = view;
  const indent = ' '.repeat(4 + KIND);
  const told = [
    ...(action.reason === '' ? [] : block(indent, action.reason, page.width)),
    ...(is === 'ready' || is === 'undecided' ? risks(view, indent, page) : []),
    ...(view.why === null ? [] : block(`${indent}${is === 'undecided' ? '' : `${is}: `}`, view.why, page.width)),
  ];
  const all = locked?.left ?? [];
  // Of a merge these are tables that it does not take, of all others places of code.
  if (action.kind === 'merge') told.push(...apart(all, indent, page));
  // And what would come of each of its values stands there already.
  const counted = action.kind === 'settle' || action.kind === 'follow';
  if (counted) told.push(...action.rows.flatMap((line) => block(indent, line, page.width)));
  const left = action.kind === 'merge' || counted ? 0 : all.length;
  if (left > 0)
    told.push(
      ...block(
        indent,
        `${count(left, 'place')} that ${left === 1 ? 'names' : 'name'} it ${left === 1 ? 'is' : 'are'} not edited: see the plan`,
        page.width,
      ),
    );
  return [...headLines(view, page), ...told];
}

const MOST_APART = 3;

function apart(left: readonly Left[], indent: string, page: Page): readonly string[] {
  const shown = left.slice(0, left.length > MOST_APART + 1 ? MOST_APART : left.length);
  const more = left.length - shown.length;
  return [
    ...shown.flatMap(({ path, why }) => block(`${indent}apart  `, `${path}: ${why}`, page.width)),
    ...(more === 0
      ? []
      : block(indent, `and ${more} more that ${more === 1 ? 'stays' : 'stay'} apart: see the plan`, page.width)),
  ];
}

function headLines(view: ActionView, page: Page, atEdge: string = edge(view)): readonly string[] {
  const { action, is } = view;
  const { mark } = typeOf(action);
  const sign = is === 'ready' ? mark : is === 'undecided' ? '?' : ' ';
  const head = `  ${sign} ${action.kind.padEnd(KIND)}`;
  const [first = '', ...rest] = withEdge(block(head, typeOf(action).describe(action), page.width), atEdge, page.width);
  return [`${head.slice(0, 2)}${paint(page, STYLES[sign] ?? 'dim', sign)}${first.slice(3)}`, ...rest];
}

function edge({ action, locked }: ActionView): string {
  const parts: string[] = [];
  if (locked !== null) {
    const files =
      typeof action.files === 'number' ? action.files : Array.isArray(action.files) ? action.files.length : 1;
    if (files > 1) parts.push(count(files, 'file'));
    if (action.references !== null) parts.push(action.references);
    if (locked.bytes.freed > 0) parts.push(size(locked.bytes.freed));
  }
  return [...parts, `risk ${action.risk}`].join(' · ');
}

function risks({ action }: ActionView, indent: string, page: Page): readonly string[] {
  return action.risks.flatMap((risk) => block(`${indent}! `, risk, page.width));
}

function decisionLines(decision: Decision, view: PlanView, page: Page): readonly string[] {
  const { id, question, evidence, choices, proposal, chosen } = decision;
  const head = `  ? ${id.padEnd(KIND)} `;
  const [first = '', ...rest] =
    head.length <= LONG_ID
      ? block(head, question, page.width)
      : [head.trimEnd(), ...block(' '.repeat(6), question, page.width)];
  const indent = ' '.repeat(6);
  const keys = Object.keys(choices);
  const wide = Math.min(16, Math.max(...keys.map((key) => key.length)));
  const waits = view.actions.filter(({ action }) => action.needs.some((need) => need.decision === id)).length;
  return [
    `  ${paint(page, STYLES['?'] ?? 'bold', '?')}${first.slice(3)}`,
    ...rest,
    ...evidence.slice(0, 4).flatMap((line) => block(`${indent}· `, line, page.width)),
    ...keys.flatMap((key) => {
      const sign = chosen === key ? '>' : chosen === null && proposal === key ? '*' : ' ';
      const note = chosen === key ? ' (chosen)' : chosen === null && proposal === key ? ' (proposed)' : '';
      return block(`${indent}${sign} ${key.padEnd(wide)}  `, `${choices[key]}${note}`, page.width);
    }),
    ...(chosen === null
      ? block(indent, `${count(waits, 'action')} ${waits === 1 ? 'waits' : 'wait'} for the answer`, page.width)
      : []),
  ];
}

function leftLines({ left }: PlanView, page: Page): readonly string[] {
  if (left.length === 0) return [];
  const shown = left.slice(0, LEFT_SHOWN);
  const more = left.length - shown.length;
  return [
    '  left alone',
    ...shown.flatMap(({ path, line, why }) => {
      const place = line === undefined ? path : `${path}:${line}`;
      // A long name has a line of its own, so that the reasons stand below each other.
      if (place.length <= PLACE) return block(`    ${place.padEnd(PLACE)}  `, why, page.width);
      return [...block('    ', place, page.width), ...block(' '.repeat(PLACE + 6), why, page.width)];
    }),
    ...(more > 0 ? [`    and ${more} more: \`left:\` in the plan`] : []),
    '',
  ];
}

/** So that nobody takes the plan for all there is to do. */
function otherLines(view: PlanView, page: Page): readonly string[] {
  if (view.others.length === 0) return [];
  return [...block('  by hand  ', `no action settles ${othersInWords(view)}`, page.width), ''];
}

function sum(view: PlanView, page: Page): readonly string[] {
  const { totals, withProposals } = view;
  const bytes = (of: PlanView['totals']): string =>
    of.bytes.vault > 0 ? `; ${size(of.bytes.freed)} freed, ${size(of.bytes.vault)} kept in the vault` : '';
  const say = (of: PlanView['totals']): string => `${totalsInWords(of)}${bytes(of)}; about ${inWords(of.seconds)}`;
  const lines = block('  now    ', totals.actions === 0 ? 'nothing would be applied' : say(totals), page.width);
  const more =
    withProposals.actions > totals.actions
      ? block('  with   ', `the proposals: ${say(withProposals)}`, page.width)
      : [];
  return view.actions.length === 0 ? [] : [...lines, ...more, '  back   everything can go back: desprawl rollback', ''];
}

function nextLines(options: TerminalPlanOptions): readonly string[] {
  return options.next.flatMap(([args, why], i) =>
    withEdge(block(i === 0 ? '  next   ' : '         ', commandLine(args), options.width), why, options.width),
  );
}
