/** Rows that look like demo, test or seed data among real ones. Never proven: only their owner knows. */
import { credentialColumns } from '../credentials.ts';
import type { Detector } from '../model.ts';
import { byteHeads } from '../standing.ts';
import { count, list } from '../wording.ts';

export const seedData: Detector = {
  doc: {
    code: 'seed-data',
    title: 'Rows look like demo or seed data',
    severity: 'medium',
    when: 'Rows of a store in use carry marks of demo data (placeholder names, test addresses, filler text), also in the store taken for the primary. Medium where the table holds credentials. Of byte-equal stores one is reported.',
    why: 'Demo accounts can log in; demo rows distort figures and win merges because they are complete and old.',
    fix: 'Look at the rows, remove what is not real, and keep seeds in a fixture or script.',
    not: 'It never counts as proven, and it never makes a row or a store removable by itself. Fixtures, backups, exports and stores of other programs are left out.',
  },
  detect(facts) {
    const heads = byteHeads(facts);
    const primaries = new Set(facts.groups.flatMap(({ primary }) => (primary === null ? [] : [primary])));
    return facts.stores
      .filter(
        ({ kind, role, status, foreign }) =>
          kind === 'sqlite' && role === 'live' && status === 'verified' && foreign === undefined,
      )
      .filter(({ id }) => (heads.get(id) ?? id) === id)
      .flatMap((store) => {
        const tables = store.tables.filter(({ demo }) => demo !== undefined && demo.rows > 0);
        if (tables.length === 0) return [];
        const rows = tables.reduce((sum, { demo }) => sum + (demo?.rows ?? 0), 0);
        const logins = new Set(
          credentialColumns(store)
            .filter(({ what }) => what !== 'token')
            .map(({ table }) => table),
        );
        const accounts = tables.filter(({ name }) => logins.has(name)).map(({ name }) => name);
        const primary = primaries.has(store.id);
        const part = tables.some(({ sketch }) => sketch?.complete === false);
        return [
          {
            severity: accounts.length > 0 ? 'medium' : 'low',
            confidence: primary ? 'possible' : 'likely',
            message: `${store.id}${primary ? ', the primary of its group,' : ''} has ${count(rows, 'row')}${part ? ' among those sampled' : ''} that ${rows === 1 ? 'looks' : 'look'} like demo data (${list(tables.map(({ name, demo }) => `${name} ${(demo?.rows ?? 0).toLocaleString('en-US')}`))}).`,
            at: [{ path: store.path }],
            stores: [store.id],
            tables: tables.map(({ name }) => ({ store: store.id, table: name })),
            evidence: tables
              .slice(0, 8)
              .map(
                ({ name, rows: all, demo, sketch }) =>
                  `${name}: ${(demo?.rows ?? 0).toLocaleString('en-US')} of ${sketch?.complete === false ? count(sketch.sampledRows, 'sampled row') : count(all ?? 0, 'row')}, by ${list(demo?.columns ?? [])}`,
              ),
            consequence:
              accounts.length > 0
                ? `If these are demo accounts, whoever knows the demo password can log in (${list(accounts)}).`
                : 'If they are not real they distort figures and travel into every copy and merge.',
            action: 'Look at the rows; remove what is not real by hand. desprawl does not treat them as removable.',
          },
        ];
      });
  },
};
