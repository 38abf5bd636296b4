/** Stores in use that git tracks (trap S10). Judges neither fixtures nor text files, which belong under version control. */
import { credentialColumns, describeCredentials } from '../credentials.ts';
import type { Detector } from '../model.ts';
import { count } from '../wording.ts';

export const trackedStore: Detector = {
  doc: {
    code: 'tracked-store',
    title: 'Git tracks a store that is in use',
    severity: 'high',
    when: 'A database in use is tracked by git, or tracked although an ignore rule matches it. High where it holds password hashes, passwords or tokens.',
    why: 'A checkout, merge, reset or deploy replaces the file and the rows written since the last commit with it. Whoever can read the repository can read every committed version, also after the file is removed.',
    fix: 'Take it out of the index and keep the file (git rm --cached FILE, then an ignore rule). Before the next deploy: pulling that commit deletes the file on other machines, so copy it aside there first. Credentials that were committed count as known: change them.',
    not: 'Fixtures, backups and exports (see store-with-credentials), stores of other programs, and whether the file is meant to be shipped: give it the role fixture in desprawl.yaml then.',
  },
  detect: (facts) =>
    facts.stores
      .filter(({ kind, role, status, git, foreign, tables }) => {
        const live =
          kind === 'sqlite' && role === 'live' && status === 'verified' && foreign === undefined && tables.length > 0;
        return live && (git === 'tracked' || git === 'ignored-tracked');
      })
      .map((store) => {
        const secrets = credentialColumns(store);
        const contradiction = store.git === 'ignored-tracked';
        const rows = store.tables.reduce((sum, table) => sum + (table.kind === 'table' ? (table.rows ?? 0) : 0), 0);
        const tracked = contradiction
          ? 'is tracked by git although an ignore rule names it'
          : 'is a database in use that git tracks';
        return {
          severity: secrets.length > 0 ? 'high' : 'medium',
          confidence: contradiction || secrets.length > 0 ? 'proven' : 'likely',
          message: `${store.id} ${tracked}${secrets.length > 0 ? `; it holds ${describeCredentials(secrets)}` : ''}.`,
          at: [{ path: store.path }],
          stores: [store.id],
          ...(secrets.length > 0 ? { tables: tablesOf(secrets) } : {}),
          evidence: [
            `git: ${contradiction ? 'in the index, and matched by an ignore rule' : 'in the index'}`,
            count(rows, 'row'),
            ...secrets.map(({ table, column, what }) => `${table}.${column}: ${what}`),
          ],
          consequence:
            secrets.length > 0
              ? 'Everyone who has or gets the repository has these credentials, in each version ever committed; a checkout or reset loses the rows written since.'
              : 'A checkout, reset or deploy replaces the file and loses the rows written since the last commit.',
          action: `git rm --cached ${store.path} and an ignore rule${secrets.length > 0 ? ', then change the credentials' : ''}; on other machines copy the file aside first, since pulling that commit deletes it there.`,
        };
      }),
};

function tablesOf(
  secrets: ReturnType<typeof credentialColumns>,
): readonly { readonly store: string; readonly table: string }[] {
  return [...new Map(secrets.map(({ store, table }) => [table, { store, table }])).values()];
}
