/** What backups hold, whether they are good, what was restored and what goes, as text for a terminal. Whole because the answers of one command are worded alike. */
import { count, list, size } from '../../audit/wording.ts';
import { type RecordedPath, shownPath } from '../../disk/paths.ts';
import type { BackupReason, ManifestStore } from '../../vault/model.ts';
import { block, commandLine, type Page, paint, table, withEdge } from '../page.ts';
import type {
  BackupCreated,
  BackupDocument,
  BackupList,
  BackupPruned,
  BackupRestored,
  BackupShown,
  BackupVerified,
  VerifiedOne,
} from './documents.ts';

const LISTED = 8;

export function backupToTerminal(document: BackupDocument, page: Page): string {
  return `${linesOf(document, page).join('\n')}\n`;
}

function linesOf(document: BackupDocument, page: Page): readonly string[] {
  switch (document.command) {
    case 'create':
      return created(document, page);
    case 'list':
      return 'backup' in document ? shown(document, page) : listed(document, page);
    case 'verify':
      return verified(document, page);
    case 'restore':
      return restored(document, page);
    case 'prune':
      return pruned(document, page);
  }
}

function created(document: BackupCreated, page: Page): readonly string[] {
  const { id, dryRun, files, stores, bytes, notTaken, level } = document;
  const what = `${count(files, 'file')}, ${count(stores.length, 'store')}, ${size(bytes)}`;
  const grows = `the vault ${dryRun ? 'would grow by at most' : 'grew by'} ${size(document.new)}; ${size(document.free)} are free there`;
  const known = stores.flatMap((store) => ('taken' in store ? [store] : []));
  return [
    ...(id === null
      ? block('', `a backup would hold ${what}; nothing was written`, page.width)
      : heading(page, id, `${what} · ${seconds(document.seconds)}`)),
    ...block('  ', grows, page.width),
    ...(level === null ? [] : block('  ', READ_BACK, page.width)),
    ...(document.keep === null ? [] : block('  ', 'kept forever: pruning leaves it', page.width)),
    ...storeSections(known, MOST_STORES, page),
    ...section(
      dryRun ? 'would not be in it' : 'not in it',
      notTaken.flatMap(({ path, why }) => block('', `${shownPath(path)}: ${why}`, page.width - 2)),
    ),
    ...(id === null
      ? next(['backup', 'create'], 'take it', page)
      : next(['backup', 'verify', id, '--rehearse'], 'restore it on trial', page)),
  ];
}

const READ_BACK = 'every content was read back after it was written, every snapshot opens';
/** What a small terminal shows with everything else. */
const MOST_STORES = 10;
const STORE_COLUMNS = [
  { title: 'store' },
  { title: 'rows', align: 'right' },
  { title: 'snapshot', align: 'right' },
  { title: 'taken', plain: true },
] as const;

/** The largest first; those without a snapshot with the reason. */
function storeSections(stores: readonly ManifestStore[], most: number, page: Page): readonly string[] {
  const bytes = ({ snapshot }: ManifestStore): number => snapshot?.bytes ?? -1;
  const sorted = stores.filter(({ notVerified }) => notVerified === undefined).sort((a, b) => bytes(b) - bytes(a));
  const rows = sorted.slice(0, most).map(storeRow);
  const more = sorted.length > most ? [`and ${sorted.length - most} more`] : [];
  return [
    ...section('stores', rows.length === 0 ? [] : [...table(STORE_COLUMNS, rows, page.width - 2), ...more]),
    ...section(
      'only bytes, no snapshot',
      stores.flatMap(({ store, notVerified }) =>
        notVerified === undefined ? [] : block('', `${shownPath(store)}: ${notVerified}`, page.width - 2),
      ),
    ),
  ];
}

function storeRow({ store, tables, snapshot, taken }: ManifestStore): readonly string[] {
  const rows = tables.reduce((sum, one) => sum + one.rows, 0);
  return [
    shownPath(store),
    snapshot === undefined ? '' : rows.toLocaleString('en-US'),
    snapshot === undefined ? '' : size(snapshot.bytes),
    TAKEN[taken],
  ];
}

const TAKEN = {
  excluded: 'others kept out',
  'between-equal-stamps': 'unchanged while read',
  static: 'unchanged while read',
} as const;

function listed(document: BackupList, page: Page): readonly string[] {
  const { backups, damaged } = document;
  if (backups.length === 0 && damaged.length === 0) {
    return [
      ...block('', `no backups in ${document.vault}`, page.width),
      ...next(['backup', 'create'], 'take one', page),
    ];
  }
  const rows = backups
    .toReversed()
    .map(({ id, why, keep, files, bytes, own, verified: { level, problems } }) => [
      id,
      reason(why) + (keep === null ? '' : ', forever'),
      files.toLocaleString('en-US'),
      size(bytes),
      size(own),
      problems.length > 0 ? 'DAMAGED' : (level ?? 'not verified'),
    ]);
  const columns = [
    { title: 'backup' },
    { title: 'for', plain: true },
    { title: 'files', align: 'right' },
    { title: 'bytes', align: 'right' },
    { title: 'only here', align: 'right' },
    { title: 'verified' },
  ] as const;
  const total = `${count(backups.length, 'backup')}, ${size(document.bytes)} in ${document.vault}`;
  return [
    ...block('', total, page.width),
    '',
    ...table(columns, rows, page.width),
    ...section(
      'damaged',
      damaged.flatMap(({ problem }) => block('', problem, page.width - 2)),
    ),
    ...(document.prunable === 0
      ? next(['backup', 'verify'], 'read all of them again', page)
      : next(['backup', 'prune', '--dry-run'], `would free ${size(document.prunable)}`, page)),
  ];
}

function shown({ backup, files, stores, notTaken }: BackupShown, page: Page): readonly string[] {
  const rows = files.map((file) => [
    shownPath(file.path),
    file.kind === 'file' ? size(file.bytes) : `→ ${shownPath(file.target)}`,
    file.kind === 'file' ? file.mode.toString(8).padStart(4, '0') : '',
    moment(file.mtime),
  ]);
  const columns = [
    { title: 'file' },
    { title: 'size', align: 'right', plain: true },
    { title: 'mode', plain: true },
    { title: 'changed', plain: true },
  ] as const;
  const { problems, level, at } = backup.verified;
  const state =
    problems.length > 0
      ? `damaged: ${count(problems.length, 'problem')}`
      : level === null
        ? 'never verified'
        : `${LEVELS[level]} (${at?.slice(0, 16).replace('T', ' ')})`;
  return [
    ...heading(page, backup.id, `${reason(backup.why)} · ${size(backup.bytes)}`),
    ...block('  ', state, page.width),
    ...storeSections(stores, stores.length, page),
    ...section('files', rows.length === 0 ? [] : table(columns, rows, page.width - 2)),
    ...section(
      'not in it',
      notTaken.flatMap(({ path, why }) => block('', `${shownPath(path)}: ${why}`, page.width - 2)),
    ),
    ...next(['backup', 'restore', backup.id, '--to', 'DIR'], 'put it into a new folder', page),
  ];
}

const LEVELS = {
  bytes: 'every content has the bytes of its name',
  opens: 'contents read back, snapshots open',
  contents: 'contents read back, snapshots checked by SQLite',
  rehearsed: 'restored on trial and compared',
} as const;

function verified({ backups, ok, dryRun }: BackupVerified, page: Page): readonly string[] {
  if (backups.length === 0) return ['no backups', ...next(['backup', 'create'], 'take one', page)];
  const bad = backups.filter(({ problems }) => problems.length > 0);
  const [first] = bad;
  return [
    ...backups.flatMap((one) => verifiedOne(one, page, dryRun)),
    '',
    ...block(
      '',
      ok
        ? `all good: ${count(backups.length, 'backup')}`
        : `DAMAGED: ${list(
            bad.map(({ id }) => id),
            3,
          )}`,
      page.width,
    ),
    ...(first === undefined
      ? next(['backup', 'list'], 'what they hold', page)
      : next(['backup', 'create'], 'take a good one of what is there now', page)),
  ];
}

function verifiedOne(one: VerifiedOne, page: Page, dryRun: boolean): readonly string[] {
  const { id, level, problems, stores, rehearsal } = one;
  const mark = problems.length === 0 ? 'good   ' : 'DAMAGED';
  const [head = '', ...rest] = withEdge(block(`${mark}  `, id, page.width), seconds(one.seconds), page.width);
  const marked = paint(page, problems.length === 0 ? 'green' : 'red', mark) + head.slice(mark.length);
  const unsound = stores.filter(({ integrity }) => integrity !== 'ok');
  const broken = stores.reduce((sum, store) => sum + store.brokenReferences, 0);
  const indent = '         ';
  return [
    marked,
    ...rest,
    ...(problems.length === 0 ? block(indent, LEVELS[level], page.width) : []),
    ...problems.slice(0, LISTED).flatMap(({ path, what }) => block(indent, `${named(path)}${what}`, page.width)),
    ...(problems.length > LISTED ? [`${indent}and ${problems.length - LISTED} more`] : []),
    ...unsound.flatMap(({ store, integrity }) =>
      block(indent, `as it was taken: ${shownPath(store)}: ${integrity}`, page.width),
    ),
    ...(broken === 0
      ? []
      : block(indent, `as it was taken: ${count(broken, 'reference')} that lead nowhere`, page.width)),
    ...(rehearsal === undefined
      ? []
      : block(
          indent,
          dryRun
            ? `would restore ${count(rehearsal.files, 'file')}, ${size(rehearsal.bytes)}`
            : `${count(rehearsal.files, 'file')}, ${size(rehearsal.bytes)} restored in ${seconds(rehearsal.seconds ?? 0)}`,
          page.width,
        )),
  ];
}

function restored(document: BackupRestored, page: Page): readonly string[] {
  const { dryRun, files, bytes, to, otherOwner } = document;
  const what = `${count(files, 'file')}, ${size(bytes)}`;
  return [
    ...block('', dryRun ? `would put ${what} into ${to}; nothing was written` : `${what} are in ${to}`, page.width),
    ...(otherOwner.length === 0
      ? []
      : block(
          '  ',
          `${count(otherOwner.length, 'file')} of another owner than before: ${list(otherOwner.map(shownPath), 3)}`,
          page.width,
        )),
    ...block(
      '  ',
      `a store is its main file with what lies beside it (-wal, -journal): move them together`,
      page.width,
    ),
    ...(dryRun ? next(['backup', 'restore', document.id, '--to', to], 'do it', page) : []),
  ];
}

function pruned(document: BackupPruned, page: Page): readonly string[] {
  const { dryRun, removed, kept, contents, bytes, allContentsStay } = document;
  const frees = `${count(removed.length, 'backup')} and ${count(contents, 'content')}, ${size(bytes)}`;
  const nothing = removed.length === 0 && contents === 0;
  return [
    ...block('', nothing ? 'nothing to prune' : `${dryRun ? 'would remove' : 'removed'} ${frees}`, page.width),
    ...removed.map(({ id }) => `  ${paint(page, 'red', '-')} ${id}`),
    ...(allContentsStay === null ? [] : block('  ', `no content goes: ${allContentsStay}`, page.width)),
    ...section(
      'stays',
      kept.toReversed().flatMap(({ id, why }) => withEdge([`${id}`], why, page.width - 2)),
    ),
    ...(dryRun && !nothing
      ? next(['backup', 'prune'], 'do it', page)
      : next(['backup', 'list'], 'what is there', page)),
  ];
}

function heading(page: Page, id: string, text: string): readonly string[] {
  const [first = '', ...rest] = block('', `${id} · ${text}`, page.width);
  return [first.startsWith(id) ? paint(page, 'bold', id) + first.slice(id.length) : first, ...rest];
}

function section(title: string, lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : ['', title, ...lines.map((line) => `  ${line}`)];
}

function reason(why: BackupReason): string {
  if (why.kind === 'create') return 'asked for';
  if (why.kind === 'run') return `run ${why.run}`;
  return why.kind === 'archive' ? `archive of ${why.action}` : `put aside in ${why.run}`;
}

function named(path: RecordedPath): string {
  const shownName = shownPath(path);
  return shownName === '' ? '' : `${shownName}: `;
}

/** UTC, to the minute. */
function moment(ns: string | undefined): string {
  if (ns === undefined) return '';
  return new Date(Number(BigInt(ns) / 1_000_000n)).toISOString().slice(0, 16).replace('T', ' ');
}

function next(args: readonly string[], why: string, page: Page): readonly string[] {
  return ['', ...withEdge(block('next   ', commandLine(args), page.width), why, page.width)];
}

function seconds(value: number): string {
  return value < 9.95 ? `${value.toFixed(1)} s` : `${Math.round(value).toLocaleString('en-US')} s`;
}
