/** Stores without anything in them (trap S4). Never counts a file whose rows may still sit in a sidecar. */
import type { Store } from '../../stores/model.ts';
import { groupBy } from '../group-by.ts';
import type { Detector, Facts } from '../model.ts';
import { count, list } from '../wording.ts';
import type { Draft } from './finding.ts';

export const emptyResidue: Detector = {
  doc: {
    code: 'empty-residue',
    title: 'An empty store lies about',
    severity: 'high',
    when: 'A store has 0 bytes, or is a SQLite file without a single table. Several in one folder are one finding. It is high where a backup of the same name holds rows: then the data may be lost, not missing.',
    why: 'Connecting to a path that does not exist creates such a file. A program that opens it starts with no data and reports no error; the wrong path stays hidden.',
    fix: 'Find the line that opens this path: usually a relative path and another working directory. Correct it, then remove the file.',
    not: 'Fixtures, files with a write-ahead log or journal beside them, stores that have tables and no rows.',
  },
  detect(facts) {
    const empty = facts.stores.filter(isEmpty);
    const lost = empty.filter((store) => backupsOf(store, facts).length > 0);
    const folders = groupBy(
      empty.filter((store) => !lost.includes(store)),
      ({ path }) => path.split('/').slice(0, -1).join('/'),
    );
    return [
      ...lost.map((store) => emptied(store, facts)),
      ...[...folders.values()].map((stores) => residue(stores, facts)),
    ];
  },
};

function isEmpty(store: Store): boolean {
  if (store.role === 'fixture' || store.sidecars.some(({ role, bytes }) => role !== 'shm' && bytes > 0)) return false;
  return (
    store.status === 'empty' || (store.status === 'verified' && store.kind === 'sqlite' && store.tables.length === 0)
  );
}

const rowsOf = (store: Store): number => store.tables.reduce((sum, table) => sum + (table.rows ?? 0), 0);
const fileName = (path: string): string => path.split('/').at(-1) ?? path;
const stem = (path: string): string => fileName(path).split('.')[0] ?? '';

/** Backups beside it or below it that carry its name and hold rows: it was not always empty. */
function backupsOf(store: Store, { stores }: Facts): readonly Store[] {
  if (store.role !== 'live') return [];
  const folder = store.path.slice(0, -fileName(store.path).length);
  return stores.filter(
    (other) =>
      other.role === 'backup' &&
      rowsOf(other) > 0 &&
      other.path.startsWith(folder) &&
      fileName(other.path).startsWith(fileName(store.path)),
  );
}

function emptied(store: Store, facts: Facts): Draft {
  const backups = backupsOf(store, facts);
  return {
    severity: 'high',
    confidence: 'likely',
    message: `${store.id} is empty while ${list(backups.map(({ id }) => id))} beside it ${backups.length === 1 ? 'holds' : 'hold'} rows.`,
    at: [{ path: store.path }],
    stores: [store.id, ...backups.map(({ id }) => id)],
    evidence: [what(store), ...backups.slice(0, 4).map((backup) => `${backup.id}: ${count(rowsOf(backup), 'row')}`)],
    consequence: 'The data may have been lost or moved, and the program goes on without it.',
    action: 'Find out where the rows went before anything writes to the empty file; keep the backup.',
  };
}

function residue(stores: readonly Store[], facts: Facts): Draft {
  const ids = stores.map(({ id }) => id);
  const namesakes = stores.flatMap((store) =>
    facts.stores
      .filter(
        (other) =>
          other.id !== store.id && other.role === 'live' && rowsOf(other) > 0 && stem(other.path) === stem(store.path),
      )
      .map((other) => `${other.id} has the name of ${store.id} and ${count(rowsOf(other), 'row')}`),
  );
  const tables = stores.every(({ status }) => status !== 'empty');
  return {
    severity: 'low',
    confidence: 'proven',
    message: `${list(ids)} ${ids.length === 1 ? 'is' : 'are'} empty (${tables ? 'no table' : ids.length === 1 ? what(stores[0]) : '0 bytes or no table'}).`,
    at: stores.map(({ path }) => ({ path })),
    stores: ids,
    evidence: [...stores.slice(0, 6).map((store) => `${store.id}: ${what(store)}`), ...namesakes.slice(0, 4)],
    consequence:
      namesakes.length > 0
        ? 'Something was probably started from another folder and made a second, empty store; there it finds no data.'
        : `A program that opens ${ids.length === 1 ? 'it' : 'one of them'} finds no data and does not complain.`,
    action:
      ids.length === 1
        ? 'Find the line that opens this path, correct the path, then remove the file.'
        : 'Find the lines that open these paths, correct the paths, then remove the files.',
  };
}

function what(store: Store | undefined): string {
  return store?.status === 'empty' ? '0 bytes' : 'no table';
}
