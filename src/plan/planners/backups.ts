/**
 * Heaps of backups (trap S9): what is there more than once, byte for byte, goes to the vault; the newest of each content stays. Nothing
 * is proposed for a content that only one file has.
 */
import { type BackupSet, backupSets } from '../../audit/backup-sets.ts';
import { type Standing, standings } from '../../audit/standing.ts';
import { count } from '../../audit/wording.ts';
import type { Left } from '../model.ts';
import { mentionsOf } from './mentions.ts';
import { patternOf } from './pattern-of.ts';
import { neededBy, type Planning, type Proposal, propose } from './planner.ts';

export function backups(on: Planning): Proposal {
  const byStore = new Map(standings(on.audit).map((standing) => [standing.store.id, standing]));
  const sets = on.audit.findings.some(({ code }) => code === 'backup-residue') ? backupSets(on.audit) : [];
  const found = sets.map((set) => ofSet(set, byStore, on));
  const covered = new Set(sets.flatMap(({ files }) => files.map(({ id }) => id)));
  const single = [...byStore.values()].filter(({ store }) => store.role === 'backup' && !covered.has(store.id));
  const singles = single.map((standing) => ofSingle(standing, on));
  return {
    actions: [...found, ...singles].flatMap(({ actions }) => actions),
    decisions: [],
    left: [...found, ...singles].flatMap(({ left }) => left),
  };
}

type Part = Pick<Proposal, 'actions' | 'left'>;

function ofSet({ folder, files, contents }: BackupSet, byStore: ReadonlyMap<string, Standing>, on: Planning): Part {
  const newest = contents.map(([first]) => first?.path ?? '');
  // Scripts that want the newest one often take the last by name.
  const last = files
    .map(({ path }) => path)
    .sort()
    .at(-1);
  const stays = new Set([...newest, ...(last === undefined ? [] : [last])]);
  const going = files
    .map(({ path }) => path)
    .filter((path) => !stays.has(path) && neededBy(path, on).length === 0)
    .sort();
  const left = contents.flatMap(([store]) => (store === undefined ? [] : onlyThere(store.id, byStore)));
  if (going.length === 0) return { actions: [], left };
  const pattern = patternOf(going, on.paths);
  const repeated = contents.filter((same) => same.some(({ path }) => going.includes(path)));
  const [keeper] = repeated[0] ?? [];
  const named = folder === '.' ? [] : mentionsOf(`${folder}/`.replace(/\/$/, ''), on).filter(({ prose }) => !prose);
  const places = [...new Set(named.map(({ path }) => path))].slice(0, 3);
  const lineIn = (path: string): number => named.find((one) => one.path === path)?.line ?? 1;
  const own = {
    to: null,
    reason:
      repeated.length === 1
        ? `${going.length} of ${count(files.length, 'backup')} repeat ${keeper?.path}, which stays, byte for byte`
        : `${going.length} of ${count(files.length, 'backup')} repeat another one byte for byte; the newest of each of ${count(contents.length, 'content')} stays`,
    finding: 'backup-residue',
    ...(places.length === 0
      ? {}
      : {
          risk: 'medium' as const,
          risks: places.map(
            (path) => `${path}:${lineIn(path)} takes what it finds in ${folder}; the newest file stays`,
          ),
        }),
  };
  if (pattern !== null) {
    return {
      actions: [propose('archive', pattern.subject, { ...own, except: pattern.except, files: going.length })],
      left,
    };
  }
  // The folder of the project cannot be the subject of anything.
  if (folder === '.') return { actions: going.map((path) => propose('archive', path, own)), left };
  return { actions: [propose('archive', folder, { ...own, files: going })], left };
}

/** A backup that holds what the store in use does not have stays, and it is said why. */
function onlyThere(id: string, byStore: ReadonlyMap<string, Standing>): readonly Left[] {
  const standing = byStore.get(id);
  if (standing === undefined || standing.own + standing.conflicting === 0) return [];
  const { own, conflicting, against } = standing;
  const what =
    own > 0
      ? `${count(own, 'row')} that ${against.id} lacks`
      : `${count(conflicting, 'row')} in another state than in ${against.id}`;
  return [{ path: id, why: `backup with ${what}` }];
}

/** One backup by itself: in the vault it is as safe, if every row of it is in the store in use. */
function ofSingle({ store, against, kind, measured, own, conflicting }: Standing, on: Planning): Part {
  const readers = neededBy(store.path, on);
  if (kind === 'older-generation' || kind === 'newer-generation') {
    const why = `another generation of ${against.id} (${count(own, 'row')} that nothing else holds)`;
    return {
      actions: [],
      left: [{ path: store.path, why: readers[0] === undefined ? why : `${why}, read by ${readers[0].path}` }],
    };
  }
  if (own + conflicting > 0)
    return {
      actions: [],
      left: onlyThere(
        store.id,
        new Map([[store.id, { store, against, kind, measured, own, conflicting } as Standing]]),
      ),
    };
  if (readers[0] !== undefined)
    return { actions: [], left: [{ path: store.path, why: `backup that ${readers[0].path} reads` }] };
  if (!measured || (kind !== 'copy' && kind !== 'subset')) return { actions: [], left: [] };
  const what = kind === 'copy' ? 'it is a copy of' : 'every row of it is in';
  return {
    actions: [propose('archive', store.path, { to: null, reason: `${what} ${against.id}`, finding: null })],
    left: [],
  };
}
