/** Broken references that are there today (trap R9). The number no later change may exceed; repairs nothing. */
import type { FkViolation, Store } from '../../stores/model.ts';
import type { Detector } from '../model.ts';
import { byteHeads } from '../standing.ts';
import { count, list } from '../wording.ts';
import type { Draft } from './finding.ts';

export const fkBaseline: Detector = {
  doc: {
    code: 'fk-baseline',
    title: 'Rows refer to rows that do not exist',
    severity: 'medium',
    when: '`PRAGMA foreign_key_check` reports rows of a store in use, or a foreign key names a table or column that does not exist. Of byte-equal stores one is reported.',
    why: 'Joins drop such rows without a word, and a merge that switches foreign keys on fails on them. This number is the baseline: a consolidation may not raise it.',
    fix: 'Find out whether the parents were deleted or live in another store (`desprawl diff`), then restore, re-point or remove the rows. A constraint that names a missing table has to be declared anew.',
    not: 'Backups, fixtures, stores of other programs; references that are not declared.',
  },
  detect(facts) {
    const heads = byteHeads(facts);
    return facts.stores
      .filter(({ role, status, foreign }) => role === 'live' && status === 'verified' && foreign === undefined)
      .filter(({ id }) => (heads.get(id) ?? id) === id)
      .flatMap((store) => {
        const violations = (store.sqlite?.fkViolations ?? []).filter(
          ({ count: rows, broken }) => rows > 0 || broken !== undefined,
        );
        return violations.length === 0 ? [] : [describe(store, violations)];
      });
  },
};

function describe(store: Store, violations: readonly FkViolation[]): Draft {
  const rows = violations.reduce((sum, violation) => sum + violation.count, 0);
  const broken = violations.filter((violation) => violation.broken !== undefined);
  const dangling = violations.filter((violation) => violation.count > 0);
  const parts = [
    ...(rows > 0
      ? [
          `${count(rows, 'row refers', 'rows refer')} to rows that do not exist (${list(dangling.map(({ table, parent }) => `${table} → ${parent}`))})`,
        ]
      : []),
    ...(broken.length > 0 ? [`${count(broken.length, 'foreign key')} cannot be checked`] : []),
  ];
  return {
    severity: rows > 0 ? 'medium' : 'low',
    confidence: 'proven',
    message: `${store.id}: ${parts.join('; ')}.`,
    at: [{ path: store.path }],
    stores: [store.id],
    tables: [...new Set(violations.map(({ table }) => table))].sort().map((table) => ({ store: store.id, table })),
    evidence: violations
      .slice(0, 8)
      .map(({ table, parent, count: n, broken: why }) =>
        why === undefined ? `${table} → ${parent}: ${count(n, 'row')}` : `${table} → ${parent}: ${why}`,
      ),
    consequence: 'Joins leave these rows out, and switching foreign keys on makes writes fail in places that worked.',
    action:
      'Look for the missing parents in the other stores before deleting anything; the number is kept as the baseline of this store.',
  };
}
