/** What is in order: a store with one clear role, sound keys and living data. Praise only for what was measured. */
import type { Store } from '../../stores/model.ts';
import type { Detector, Facts } from '../model.ts';
import { isLedger, isRival, standings } from '../standing.ts';
import { liveComparisons } from '../table-clusters.ts';
import { count, day } from '../wording.ts';

export const wellKept: Detector = {
  doc: {
    code: 'well-kept',
    title: 'A store is in good order',
    severity: 'good',
    when: 'A store in use is the primary of its group or has no rivals, contradicts no other store, no store in use has rows that it lacks, has rows and a primary key on every table, passes integrity and foreign-key checks, is not tracked by git, and its newest row is within 90 days of the newest in the project.',
    why: 'It is a safe place to bring other data to.',
    fix: 'Nothing.',
    not: 'Who writes to it is not part of the measure. Backups, fixtures, exports and stores of other programs are left out.',
  },
  detect(facts) {
    const told = standings(facts);
    const measured = new Set(told.map(({ store }) => store.id));
    const outdone = new Set(
      told.filter(({ kind, store }) => kind === 'diverged' && store.role === 'live').map(({ against }) => against.id),
    );
    const twins = liveComparisons(facts).filter(({ relation }) => relation !== 'unrelated');
    const contradicts = new Set(
      twins.filter(({ conflicting }) => conflicting > 0).flatMap(({ a, b }) => [a.store, b.store]),
    );
    const shares = new Set(twins.filter(({ same }) => same > 0).flatMap(({ a, b }) => [a.store, b.store]));
    const primaries = new Set(facts.groups.flatMap(({ primary }) => (primary === null ? [] : [primary])));
    return facts.stores
      .filter((store) => isRival(store) && store.role === 'live' && isSound(store) && isFresh(store, facts))
      .filter(
        ({ id }) =>
          !measured.has(id) && !outdone.has(id) && !contradicts.has(id) && (primaries.has(id) || !shares.has(id)),
      )
      .filter(
        ({ id }) =>
          primaries.has(id) || !facts.groups.some(({ stores, primary }) => primary === null && stores.includes(id)),
      )
      .map((store) => {
        const tables = store.tables.filter(({ kind }) => kind === 'table');
        const role = primaries.has(store.id) ? 'the primary of its group' : 'no rivals';
        return {
          severity: 'good',
          confidence: 'likely',
          message: `${store.id} is well kept: ${role}, keys on ${tables.length === 1 ? 'its table' : `all ${tables.length} tables`}, no broken reference.`,
          at: [{ path: store.path }],
          stores: [store.id],
          evidence: [
            role,
            `${count(tables.length, 'table')}, each with a primary key`,
            'integrity and foreign keys checked: ok',
            ...(store.freshness === undefined ? [] : [`newest row ${day(store.freshness.at)}`]),
          ],
          consequence: 'None.',
          action: 'Nothing to do.',
        };
      });
  },
};

/** An application may rest for a season; after that its data is a leftover. */
const FRESH_DAYS = 90;

function isSound(store: Store): boolean {
  const tables = store.tables.filter(({ kind }) => kind === 'table');
  const keyed = tables.every(({ primaryKey, name }) => primaryKey.length > 0 || isLedger(store, name));
  const rows = tables.reduce((sum, table) => sum + (table.rows ?? 0), 0);
  const counted = tables.every((table) => table.rows !== null);
  const tracked = store.git === 'tracked' || store.git === 'ignored-tracked';
  return (
    rows > 0 &&
    counted &&
    keyed &&
    !tracked &&
    store.sqlite?.integrity === 'ok' &&
    store.sqlite.fkViolations.length === 0
  );
}

/** Measured against the newest row of the project, not against today: a checkout may be old as a whole. */
function isFresh({ freshness }: Store, { stores }: Facts): boolean {
  if (freshness === undefined) return false;
  const newest = stores
    .filter((store) => isRival(store) && store.role === 'live')
    .reduce((latest, store) => Math.max(latest, Date.parse(store.freshness?.at ?? '') || 0), 0);
  return newest - Date.parse(freshness.at) <= FRESH_DAYS * 86_400_000;
}
