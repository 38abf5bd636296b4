/** Files such as `.old` that share a schema and no rows with the store in use (trap S8): another life of it, not a copy. */
import type { Detector } from '../model.ts';
import { type Standing, standings } from '../standing.ts';
import { amongSampled, count, day, list } from '../wording.ts';
import { type Draft, diffCommand } from './finding.ts';

export const olderGeneration: Detector = {
  doc: {
    code: 'older-generation',
    title: 'A file is an older generation, not a copy',
    severity: 'high',
    when: 'A backup has the tables of a store in use and shares (almost) no row with it. Where the backup holds the newer rows, the store in use is the older generation; that is reported as high.',
    why: 'Its name says "backup", and restoring it would replace the data with entirely other data; deleting it loses the only trace of that earlier time.',
    fix: 'Decide whether those rows are still wanted. If so keep the file under a name that says what it is, outside the folders that programs search; if not, remove it knowing that nothing else holds them.',
    not: 'Backups that share rows with the store (see backup-residue, diverged-store); stores in use that happen to have the same tables (see twin-table).',
  },
  detect(facts) {
    const groups = new Map<string, Standing[]>();
    for (const standing of standings(facts)) {
      if (standing.kind !== 'older-generation' && standing.kind !== 'newer-generation') continue;
      const key = `${standing.against.id}\n${standing.kind}`;
      groups.set(key, [...(groups.get(key) ?? []), standing]);
    }
    return [...groups.values()].flatMap((generation) => {
      const first = generation[0];
      if (first === undefined) return [];
      return [first.kind === 'older-generation' ? older(generation, first) : newer(generation, first)];
    });
  },
};

function older(generation: readonly Standing[], { against }: Standing): Draft {
  const ids = generation.map(({ store }) => store.id);
  const rows = generation.reduce((sum, { own }) => sum + own, 0);
  const sampled = amongSampled(generation.flatMap(({ tables }) => tables));
  const is = ids.length === 1 ? 'is an older generation' : 'are older generations';
  return {
    severity: 'medium',
    confidence: 'likely',
    message: `${list(ids)} ${is} of ${against.id}, ${ids.length === 1 ? 'not a copy' : 'not copies'}: ${count(rows, 'row')}${sampled} that ${rows === 1 ? 'is' : 'are'} not in it.`,
    at: ids.map((path) => ({ path })),
    stores: [...ids, against.id],
    evidence: evidence(generation, against.id),
    consequence:
      ids.length === 1
        ? `Restoring from it would swap all data of ${against.id} for that of another time; deleting it removes the only place of these rows.`
        : `Restoring from one of them would swap all data of ${against.id} for that of another time; deleting them removes the only places of these rows.`,
    action: `Keep ${ids.length === 1 ? 'it' : 'them'} until somebody has decided about ${ids.length === 1 ? 'its' : 'their'} rows.`,
    ...diffCommand(ids[0], against.id),
  };
}

function newer(generation: readonly Standing[], { against }: Standing): Draft {
  const ids = generation.map(({ store }) => store.id);
  return {
    severity: 'high',
    confidence: 'likely',
    message: `${against.id} is in use and older than ${list(ids)}: they share no rows, and the ${ids.length === 1 ? 'backup has' : 'backups have'} the newer ones.`,
    at: [{ path: against.path }, ...ids.map((path) => ({ path }))],
    stores: [against.id, ...ids],
    evidence: evidence(generation, against.id),
    consequence:
      'The store in use may have been reset or restored from the wrong file; the current data may exist in a backup only.',
    action: `Do not delete ${list(ids)}. Find out which of ${ids.length === 1 ? 'the two' : 'them'} the program should have.`,
    ...diffCommand(ids[0], against.id),
  };
}

function evidence(generation: readonly Standing[], against: string): readonly string[] {
  return generation.slice(0, 6).flatMap(({ store, against: other, tables, measured }) => {
    const common = tables.reduce((sum, table) => sum + table.same + table.conflicting, 0);
    const dates =
      store.freshness === undefined || other.freshness === undefined
        ? `file dates ${day(store.modified)} and ${day(other.modified)}`
        : `newest row ${day(store.freshness.at)}, in ${against} ${day(other.freshness.at)}`;
    const how = measured ? '' : ' (not every row was compared)';
    return [
      `${store.id}: ${tables.length === 1 ? '1 table' : `${tables.length} tables`} in both, ${count(common, 'row')} in common${how}; ${dates}`,
    ];
  });
}
