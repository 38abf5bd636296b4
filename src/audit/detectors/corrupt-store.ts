/** Stores that could be read while SQLite's own check of them fails. Structural damage is `unreadable-store`. */
import type { Detector } from '../model.ts';
import { count } from '../wording.ts';

export const corruptStore: Detector = {
  doc: {
    code: 'corrupt-store',
    title: 'A store reads well and fails its integrity check',
    severity: 'high',
    when: 'Every row could be read, but `PRAGMA integrity_check` reports problems: a NULL in a NOT NULL column, a failed CHECK, an index that lacks an entry.',
    why: 'An index that lacks entries hides rows from queries; rows that break their own constraints cannot be inserted into another store as they are.',
    fix: 'On a copy: REINDEX for index problems, correct the rows for constraint problems, run the check again.',
    not: 'Damaged pages, where rows cannot be relied on (see unreadable-store); broken references between tables (see fk-baseline).',
  },
  detect: (facts) =>
    facts.stores
      .filter(
        ({ status, sqlite, foreign }) =>
          status === 'verified' && sqlite?.integrity === 'damaged' && foreign === undefined,
      )
      .map((store) => {
        const messages = store.sqlite?.integrityMessages ?? [];
        const live = store.role === 'live';
        return {
          severity: live ? 'high' : 'low',
          confidence: 'proven',
          message: `${store.id} fails its integrity check, though its rows can be read.`,
          at: [{ path: store.path }],
          stores: [store.id],
          evidence: [
            `${count(messages.length, 'message')}${messages.length === 5 ? ' and perhaps more' : ''}`,
            ...messages,
          ],
          consequence: live
            ? 'Queries may miss rows, and rows that break a constraint fail when they are written again.'
            : 'Restoring it brings the problem back.',
          action:
            'On a copy: REINDEX where an index is named, correct the rows where a constraint is; then run PRAGMA integrity_check again.',
        };
      }),
};
