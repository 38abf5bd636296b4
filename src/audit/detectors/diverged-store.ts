/**
 * Stores that look like copies and hold rows or columns of their own (trap S7). What it reports must not be deleted;
 * rows that both hold and that differ are counted here and told by `conflicting-twin`.
 */
import { backupSets } from '../backup-sets.ts';
import { credentialColumns } from '../credentials.ts';
import type { Detector, Facts } from '../model.ts';
import { electedBecause, type OwnTable, type Standing, standings } from '../standing.ts';
import { amongSampled, count, list } from '../wording.ts';
import { type Draft, diffCommand } from './finding.ts';

export const divergedStore: Detector = {
  doc: {
    code: 'diverged-store',
    title: 'A store that looks like a copy holds rows of its own',
    severity: 'high',
    when: 'More than half of the tables of two stores share rows, and one of them has rows, or filled columns, that the other lacks. Each store is compared with the primary of its group, or with the store it has most in common with; it is reported once. A lone backup is medium, unless ids of both stand for different rows: then both were written to.',
    why: 'Deleting it as a "duplicate" loses these rows for good. Leaving it means that each program sees a part of the data.',
    fix: 'Do not delete it. `desprawl diff A B` shows per table what only one side has and, where an earlier common state was found, what was deleted on the other side since. Decide what belongs to both, bring it over, and compare again.',
    not: 'Stores that share only a table or two with another (see conflicting-twin, twin-table); files in a heap of backups (see backup-residue); stores that differ in nothing but their migration ledger.',
  },
  detect(facts) {
    const heaped = new Set(backupSets(facts).flatMap(({ covered }) => [...covered]));
    const told = standings(facts).filter(({ kind, store, ownTables }) => {
      const own = ownTables.some(({ rows, columns }) => rows > 0 || columns.length > 0);
      return (kind === 'diverged' || kind === 'superset') && own && !heaped.has(store.id);
    });
    return told.map((standing) => describe(standing, facts));
  },
};

function describe(standing: Standing, facts: Facts): Draft {
  const { store, against, own, ownTables, measured, conflicting, missing, primary, uncompared } = standing;
  const backup = store.role === 'backup';
  const accounts = new Set(credentialColumns(store).map(({ table }) => table));
  const lost = ownTables.filter(({ rows, columns }) => rows > 0 || columns.length > 0);
  const keys = lost.filter(({ table, rows }) => rows > 0 && accounts.has(table));
  const most = ownTables.toSorted((x, y) => y.rows - x.rows || y.conflicting - x.conflicting);
  const columns = lost.flatMap(({ table, columns: names }) => names.map((name) => `${table}.${name}`));
  const sampled = amongSampled(standing.tables);
  const what =
    own > 0
      ? `${count(own, 'row')}${sampled} that ${against.id} lacks (${list(lost.filter(({ rows }) => rows > 0).map(({ table, rows }) => `${table} ${rows.toLocaleString('en-US')}`))})`
      : `values that ${against.id} has no column for (${list(columns)})`;
  // A backup holds what was deleted since. Where ids collide, something wrote to both: that is a rival, whatever its name.
  const rewritten = standing.tables.some(({ idCollisions }) => idCollisions > 0);
  // Without a primary neither is "the copy": both are named, whichever has more rows today.
  const both = !primary && !backup && own > 0 && missing > 0;
  return {
    severity: backup && !rewritten ? 'medium' : 'high',
    confidence: measured ? 'proven' : 'likely',
    message: both
      ? `${store.id} holds ${what}, and lacks ${missing.toLocaleString('en-US')} of its rows: delete neither.`
      : `${store.id} holds ${what}: do not delete it.`,
    at: (both ? [store.path, against.path].sort() : [store.path]).map((path) => ({ path })),
    stores: [store.id, against.id],
    evidence: [
      ...most.slice(0, 8).map(line),
      ...(most.length > 8 ? [count(most.length - 8, 'more table that differs', 'more tables that differ')] : []),
      ...(missing > 0
        ? [`${against.id} has ${count(missing, 'row')}${sampled} that ${missing === 1 ? 'is' : 'are'} not here`]
        : []),
      ...(both ? theirs(standing) : []),
      ...(conflicting > 0 ? [`${count(conflicting, 'row')}${sampled} in both with different values`] : []),
      ...collisions(standing),
      ...(primary ? [electedBecause(facts, against.id)] : []),
      ...ancestry(standing, facts),
      ...(measured ? [] : ['not every row was compared']),
      ...uncompared.map((name) => `${name} was not compared`),
      ...(backup && store.roleReason !== undefined ? [`kept as a backup: ${store.roleReason}`] : []),
    ],
    consequence:
      keys.length > 0
        ? `Accounts or sessions that exist only here (${list(keys.map(({ table }) => table))}) are unknown to whatever opens ${against.id}; deleting the file loses them.`
        : `Whatever opens ${against.id} does not see these rows; deleting ${store.id} loses them.`,
    action: `Keep ${both ? 'both' : 'it'}. Look at what only one of them has.`,
    ...diffCommand(store.id, against.id),
  };
}

function line({ table, rows, columns, conflicting, alone }: OwnTable): string {
  if (alone) return `${table}: ${count(rows, 'row')}, a table that the other store does not have`;
  const parts = rows > 0 ? [`${count(rows, 'row')} of its own`] : [];
  if (conflicting > 0) parts.push(count(conflicting, 'differs', 'differ'));
  if (columns.length > 0) parts.push(`${columns.length === 1 ? 'column' : 'columns'} of its own: ${list(columns)}`);
  return `${table}: ${parts.join(', ')}`;
}

/** Where neither is "the copy", what only the other side has counts as much. */
function theirs({ tables, against }: Standing): readonly string[] {
  return tables
    .filter(({ onlyB }) => onlyB > 0)
    .slice(0, 8)
    .map(({ b, onlyB }) => `${b.table}: ${count(onlyB, 'row')} only in ${against.id}`);
}

function collisions({ tables }: Standing): readonly string[] {
  return tables
    .filter(({ idCollisions }) => idCollisions > 0)
    .map(({ a, idCollisions }) => `${a.table}: ${count(idCollisions, 'id')} held by both for different rows`);
}

/** What an earlier common state says about rows that only one side has (trap R17). */
function ancestry({ store, against }: Standing, { ancestors }: Facts): readonly string[] {
  return ancestors
    .filter(({ a, b }) => (a === store.id && b === against.id) || (a === against.id && b === store.id))
    .flatMap(({ a, from, tables }) =>
      tables.flatMap((table) => {
        const deleted = a === store.id ? table.deletedInB : table.deletedInA;
        return deleted === 0
          ? []
          : [`${table.table}: ${count(deleted, 'row')} of ${from} deleted in ${against.id} since`];
      }),
    );
}
