/** Parts that reports of runs, rollbacks and verifications have in common, as plain sentences: terminal and Markdown only lay them out. */
import type {
  ActionOutcome,
  ApplyResult,
  ChangedSince,
  CheckResult,
  LaterLine,
  LeftPlace,
  RunStatus,
  Totals,
} from '../../apply/model.ts';
import { count, size, thousands } from '../../audit/wording.ts';
import { shownPath } from '../../disk/paths.ts';

export function seconds(value: number): string {
  if (value < 1) return `${Math.round(value * 1000)} ms`;
  if (value < 9.95) return `${value.toFixed(1)} s`;
  return `${thousands(Math.round(value))} s`;
}

/** `2 made, 6 changed, 3 moved, 13 removed; 1.9 MB freed, 160 kB archived`. */
export function totalsText({ files, bytes }: Totals): string {
  const { made, changed, moved, removed, entries } = files;
  const parts = [
    ...(made > 0 ? [`${thousands(made)} made`] : []),
    ...(changed > 0 ? [`${thousands(changed)} changed`] : []),
    ...(moved > 0 ? [`${thousands(moved)} moved`] : []),
    ...(removed > 0 ? [`${thousands(removed)} removed`] : []),
    ...(entries > 0 ? [`${count(entries, 'entry', 'entries')} of git's index`] : []),
  ];
  const space = [
    bytes.freed > 0 ? `${size(bytes.freed)} freed` : bytes.freed < 0 ? `${size(-bytes.freed)} more than before` : '',
    bytes.archived > 0 ? `${size(bytes.archived)} archived` : '',
  ].filter((part) => part !== '');
  const done = parts.length === 0 ? 'nothing changed' : parts.join(', ');
  return space.length === 0 ? done : `${done}; ${space.join(', ')}`;
}

const STATUS: Readonly<Record<ApplyResult['status'], string>> = {
  prepared: 'prepared, nothing begun',
  running: 'under way',
  interrupted: 'interrupted',
  applied: 'applied',
  verified: 'applied and verified',
  'rolled back': 'rolled back',
  'nothing to do': 'nothing to do',
};

export function statusText(status: ApplyResult['status'], kind: ApplyResult['kind'], dryRun = false): string {
  if (status === 'nothing to do') return dryRun ? 'nothing would be done' : 'nothing to do';
  if (kind === 'rollback') {
    if (status === 'applied' || status === 'verified') return dryRun ? 'would be rolled back' : 'rolled back';
    if (status === 'rolled back') return 'rollback taken back';
    return `rollback ${STATUS[status]}`;
  }
  if (!dryRun) return STATUS[status];
  return status === 'verified'
    ? 'would be applied, and verifies'
    : status === 'applied'
      ? 'would be applied'
      : STATUS[status];
}

/** How far a run came. */
export function progressText({ is, done, of, inDoubt }: RunStatus): string {
  if (is !== 'interrupted' && is !== 'running') return count(of, 'step');
  const doubt = inDoubt === null ? '' : `, ${inDoubt.from}–${inDoubt.to} may have begun`;
  return `${thousands(done)} of ${count(of, 'step')} done${doubt}`;
}

/** In the order in which a reader wants to know: what was done, what waits for him, what is left out. */
const ORDER: readonly ActionOutcome['is'][] = [
  'applied',
  'taken back',
  'undecided',
  'blocked',
  'later phase',
  'already so',
  'skipped',
];

export function inOrder(actions: readonly ActionOutcome[]): readonly ActionOutcome[] {
  return [...actions].sort((x, y) => ORDER.indexOf(x.is) - ORDER.indexOf(y.is));
}

export function checkText({ before, after, ok, why }: CheckResult): string {
  const both = before === null ? `after ${after ?? 'not run'}` : `before ${before} · after ${after ?? 'not run'}`;
  return ok && why === undefined ? both : `${both}: ${why ?? 'worse'}`;
}

export function leftText({ path, line, why }: LeftPlace): string {
  return `${path}${line === undefined ? '' : `:${line}`}  ${why}`;
}

const WHY: Readonly<Record<string, string>> = {
  'text-store': 'only a text file had it',
  'store-changed': 'its store was written since, too',
  'store-missing': 'its store is not there',
  'other-encoding': 'its store has another encoding',
  'table-made': 'the table was made since',
  'table-altered': 'the table was altered since',
  'table-dropped': 'the table was dropped since',
  'no-store': 'no store had it',
  'references-apart': 'what it refers to lies in several stores',
  'parent-aside': 'it refers to a row that is kept aside',
  'no-column': 'its store lacks a column',
  'no-old-key': 'what it refers to is not in its store',
  'would-refer': 'it would begin to refer to another row',
  form: 'its store writes such values otherwise',
  refused: 'its store refuses it',
  'would-change': 'its store would change a value',
  'no-free-id': 'all numbers are taken',
};

/** `data/hub.db users: 3 inserted, 1 changed: 3 to data/hub.db, 1 aside (what it refers to lies in several stores: 1)`. */
export function laterText({ store, table, inserted, changed, deleted, aside, to, why, file }: LaterLine): string {
  const counts = Object.entries({ inserted, changed, deleted }).filter(([, rows]) => rows > 0);
  const reasons = Object.entries(why).map(([reason, rows]) => `${WHY[reason] ?? reason}: ${thousands(rows)}`);
  const places = [
    ...Object.entries(to).map(([path, rows]) => `${thousands(rows)} to ${path}`),
    ...(aside > 0
      ? [
          `${thousands(aside)} aside${reasons.length === 0 ? '' : ` (${reasons.join('; ')})`}${file === null ? '' : ` in ${file}`}`,
        ]
      : []),
  ];
  return `${store} ${table}: ${counts.map(([what, rows]) => `${thousands(rows)} ${what}`).join(', ')}${places.length === 0 ? '' : `; ${places.join(', ')}`}`;
}

export function changedText({ path, expected, found, backup }: ChangedSince): string {
  const where = backup === null ? '' : `; it is kept: desprawl backup restore ${backup} ${shownPath(path)} --to DIR`;
  return `${shownPath(path)}: expected ${expected}, found ${found}${where}`;
}
