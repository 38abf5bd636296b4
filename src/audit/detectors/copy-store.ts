/** Stores that repeat another one, byte for byte or row for row. Refuses to speak of backups: those are meant to. */
import type { Store } from '../../stores/model.ts';
import type { Detector, Facts } from '../model.ts';
import { byteHeads, electedBecause, type Standing, standings } from '../standing.ts';
import { amongSampled, count, list, size } from '../wording.ts';
import { type Draft, diffCommand } from './finding.ts';

export const copyStore: Detector = {
  doc: {
    code: 'copy-store',
    title: 'A store is a copy of another one',
    severity: 'medium',
    when: 'Two stores have the same bytes, or every table of one holds the same rows as the other. Files of one content are reported together. The confidence is proven only where bytes are equal or every row was compared.',
    why: 'Programs that open different copies drift apart from the first write on: what one saves the other never sees. Until then a copy costs space and makes people guess which file counts.',
    fix: 'Find out who opens the copy, point them to the other store, then remove the copy. `desprawl diff A B` shows the comparison again at any time. Two copies never prove each other removable: one of them stays.',
    not: 'Backups (see backup-residue), fixtures, stores of other programs, and exports that repeat a single table of a larger store.',
  },
  detect: (facts) => [...databases(facts), ...exportFiles(facts)],
};

function databases(facts: Facts): readonly Draft[] {
  const groups = new Map<string, Standing[]>();
  for (const standing of standings(facts)) {
    if (standing.kind !== 'copy' || standing.store.role === 'backup') continue;
    const key = `${standing.against.id}\n${standing.byteEqual}`;
    groups.set(key, [...(groups.get(key) ?? []), standing]);
  }
  return [...groups.values()].flatMap((copies) => {
    const first = copies[0];
    return first === undefined ? [] : [describe(copies, first, facts)];
  });
}

function describe(copies: readonly Standing[], first: Standing, facts: Facts): Draft {
  const { against, byteEqual } = first;
  const measured = copies.every((copy) => copy.measured);
  const rows = against.tables.reduce((sum, table) => sum + (table.kind === 'table' ? (table.rows ?? 0) : 0), 0);
  const sampled = amongSampled(copies.flatMap((copy) => copy.tables));
  const what = byteEqual ? 'the same bytes as' : `the same rows${sampled} as`;
  const uncompared = [...new Set(copies.flatMap((copy) => copy.uncompared))].map((name) => `${name} was not compared`);
  return draft(
    copies.map(({ store }) => store),
    against,
    `${list(copies.map(({ store }) => store.id))} ${copies.length === 1 ? 'holds' : 'hold'} ${what} ${against.id} (${count(rows, 'row')}).`,
    measured,
    [
      sameness(byteEqual, measured, against),
      ...(first.primary ? [electedBecause(facts, against.id)] : []),
      ...uncompared,
    ],
  );
}

function sameness(byteEqual: boolean, measured: boolean, { bytes }: Store): string {
  if (byteEqual) return `SHA-256 equal, ${size(bytes)} each`;
  return measured ? 'every row of every table compared: 0 differ' : 'in what was compared 0 rows differ';
}

/** Two exports of the same bytes; other text files may repeat each other for good reasons. */
function exportFiles(facts: Facts): readonly Draft[] {
  const heads = byteHeads(facts);
  const exported = new Map(
    facts.stores
      .filter((store) => store.kind !== 'sqlite' && store.role === 'export')
      .map((store) => [store.id, store]),
  );
  const copies = new Map<Store, Store[]>();
  for (const [id, headId] of heads) {
    const [store, head] = [exported.get(id), exported.get(headId)];
    if (store === undefined || head === undefined || store === head) continue;
    copies.set(head, [...(copies.get(head) ?? []), store]);
  }
  return [...copies].map(([head, stores]) =>
    draft(
      stores,
      head,
      `${list(stores.map(({ id }) => id))} ${stores.length === 1 ? 'is' : 'are'} the same export as ${head.id}, byte for byte.`,
      true,
      [`SHA-256 equal, ${size(head.bytes)} each`],
    ),
  );
}

function draft(
  copies: readonly Store[],
  against: Store,
  message: string,
  measured: boolean,
  evidence: readonly string[],
): Draft {
  const text = against.kind !== 'sqlite';
  const ids = copies.map(({ id }) => id).sort();
  return {
    severity: text ? 'low' : 'medium',
    confidence: measured ? 'proven' : 'likely',
    message,
    at: ids.map((path) => ({ path })),
    stores: [...ids, against.id],
    evidence,
    consequence: text
      ? 'Readers of the two files see different data as soon as one of them is written again.'
      : 'The first program that writes to the copy makes two versions of the same data; nobody is told.',
    action: `Find what opens ${list(ids)}, let it open ${against.id}, then remove the ${ids.length === 1 ? 'copy' : 'copies'}; compare once more before.`,
    ...diffCommand(ids[0], against.id),
  };
}
