/** Heaps of backups, by content (trap S9): what is there twice, how old, and what only they hold. Keeps one of each. */
import { type BackupSet, backupSets } from '../backup-sets.ts';
import type { Detector } from '../model.ts';
import { type Standing, standings } from '../standing.ts';
import { count, day, list, size } from '../wording.ts';
import type { Draft } from './finding.ts';

export const backupResidue: Detector = {
  doc: {
    code: 'backup-residue',
    title: 'Backups pile up',
    severity: 'medium',
    when: 'Backups of one body of data in one folder contain a content more than once (SHA-256 over the whole file), or there are five and more of them. One finding per heap, never one per pair. Medium from 100 MB that could be freed.',
    why: 'A heap hides the one backup that matters, wastes space and time of every copy of the project, and makes an old state look like a safety net.',
    fix: 'Keep one file of each content; look at contents that hold rows which the store in use lacks before removing those. Then let the job that writes them remove old ones.',
    not: 'A single backup, or a few that all differ; which of the different contents is still worth keeping. Files with a write-ahead log count as contents of their own.',
  },
  detect(facts) {
    const byStore = new Map(standings(facts).map((standing) => [standing.store.id, standing]));
    return backupSets(facts).map((set) => describe(set, byStore));
  },
};

/** From here on the space is worth a look of its own. */
const LARGE = 100_000_000;

function describe(set: BackupSet, standing: ReadonlyMap<string, Standing>): Draft {
  const { folder, files, contents, freeable } = set;
  const n = files.length;
  const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
  const place = folder === '.' ? 'the project folder' : `${folder}/`;
  const what =
    contents.length === 1
      ? `${n} files are one content`
      : contents.length === n
        ? `${n} files, all different`
        : `${n} files hold ${count(contents.length, 'content')}`;
  const rest = freeable > 0 ? `${size(freeable)} could be freed` : `${size(bytes)} together`;
  const dates = files.map(({ modified }) => modified).sort();
  const ids = files.map(({ id }) => id).sort();
  return {
    severity: freeable >= LARGE ? 'medium' : 'low',
    confidence: 'proven',
    message: `${place}: ${what}; ${rest}.`,
    ...identity(set, standing),
    stores: ids,
    evidence: [
      `oldest ${day(dates[0] ?? '')}, newest ${day(dates.at(-1) ?? '')} (file dates), ${size(bytes)} in all`,
      ...contents
        .filter((same) => same.length > 1)
        .slice(0, 6)
        .map(
          (same) =>
            `${same.length} × one content, ${size(same[0]?.bytes ?? 0)}: ${list(
              same.map(({ id }) => id),
              3,
            )}`,
        ),
      ...onlyThere(set, standing),
      ...tracked(set),
    ],
    consequence: 'The heap grows with each run, and nobody can tell which file would help in an emergency.',
    action: `Keep one file of each content${contents.length > 1 ? ' and look at the others before removing any' : ''}: ${list(
      contents.map((same) => same[0]?.id ?? ''),
      3,
    )}`,
  };
}

/**
 * Place and tables stay the same while files come and go: the folder and the tables these are backups of. Where that is
 * not known, the first file tells two heaps of one folder apart.
 */
function identity({ folder, files }: BackupSet, standing: ReadonlyMap<string, Standing>): Pick<Draft, 'at' | 'tables'> {
  const first = files.map(({ path }) => path).sort()[0] ?? folder;
  const of = files.map(({ id }) => standing.get(id)?.against).find((store) => store?.role === 'live');
  if (of === undefined) return { at: [{ path: first }] };
  const tables = of.tables.filter(({ kind }) => kind === 'table').map(({ name }) => ({ store: of.id, table: name }));
  return { at: [{ path: folder }], tables };
}

/** Counted against the store in use, so that nobody reads "could be freed" as "can go". */
function onlyThere({ contents }: BackupSet, standing: ReadonlyMap<string, Standing>): readonly string[] {
  const lines = new Map<string, number[]>();
  for (const same of contents) {
    const known = same.map(({ id }) => standing.get(id)).find((one) => one !== undefined && !one.byteEqual);
    if (known === undefined || known.own === 0) continue;
    lines.set(known.against.id, [...(lines.get(known.against.id) ?? []), known.own]);
  }
  return [...lines].map(([against, own]) => {
    const most = count(Math.max(...own), 'row');
    return own.length === 1
      ? `1 content holds ${most} that ${against} does not have`
      : `${own.length} contents hold rows that ${against} does not have, up to ${most}`;
  });
}

function tracked({ files }: BackupSet): readonly string[] {
  const n = files.filter(({ git }) => git === 'tracked' || git === 'ignored-tracked').length;
  return n === 0 ? [] : [`${n} of them tracked by git`];
}
