/**
 * Password hashes, passwords and tokens in files that git keeps, or would keep after the next `git add .`. Stores in use
 * that are tracked are told by `tracked-store`; values are never looked at here.
 */
import type { Store } from '../../stores/model.ts';
import { type CredentialColumn, credentialColumns, describeCredentials } from '../credentials.ts';
import { groupBy } from '../group-by.ts';
import type { Detector } from '../model.ts';
import { list } from '../wording.ts';
import type { Draft } from './finding.ts';

export const storeWithCredentials: Detector = {
  doc: {
    code: 'store-with-credentials',
    title: 'Credentials lie where git keeps or may keep them',
    severity: 'high',
    when: 'A backup, an export or a store of another program holds password hashes, passwords or tokens and is tracked by git; or any store with them is neither tracked nor ignored, so that the next `git add .` commits it. Columns are recognised by the shape of their values and their names. Files of one folder are one finding.',
    why: 'Whoever can read the repository can try the hashes and use the tokens. History keeps them after the file is gone.',
    fix: 'Tracked: take the file out of the index, change the credentials, and rewrite history if the repository is shared. Not ignored: add an ignore rule.',
    not: 'Stores in use that git tracks (see tracked-store), fixtures, ignored files, projects without git. File permissions are not judged.',
  },
  detect(facts) {
    const found = facts.stores
      .filter(({ role, status }) => role !== 'fixture' && status === 'verified')
      .flatMap((store) => {
        const state = exposure(store);
        const secrets = state === undefined ? [] : credentialColumns(store);
        return state === undefined || secrets.length === 0 ? [] : [{ store, state, secrets }];
      });
    const folders = groupBy(found, ({ store, state }) => `${state}\n${store.path.split('/').slice(0, -1).join('/')}`);
    return [...folders.values()].flatMap((files) => {
      const first = files[0];
      return first === undefined
        ? []
        : [
            describe(
              files.map(({ store }) => store),
              first.state,
              files.flatMap(({ secrets }) => secrets),
            ),
          ];
    });
  },
};

function exposure({ git, kind, role, foreign }: Store): 'tracked' | 'addable' | undefined {
  if (git === 'untracked') return 'addable';
  if (git !== 'tracked' && git !== 'ignored-tracked') return undefined;
  return kind === 'sqlite' && role === 'live' && foreign === undefined ? undefined : 'tracked';
}

function describe(stores: readonly Store[], state: 'tracked' | 'addable', secrets: readonly CredentialColumn[]): Draft {
  const ids = stores.map(({ id }) => id);
  const one = ids.length === 1;
  const where =
    state === 'tracked' ? `${one ? 'is' : 'are'} tracked by git` : `${one ? 'is' : 'are'} not ignored by git`;
  return {
    severity: state === 'tracked' ? 'high' : 'medium',
    confidence: 'likely',
    message: `${list(ids)} ${one ? 'holds' : 'hold'} ${describeCredentials(secrets)} and ${where}.`,
    at: stores.map(({ path }) => ({ path })),
    stores: ids,
    tables: [...new Map(secrets.map(({ store, table }) => [`${store}\n${table}`, { store, table }])).values()],
    evidence: secrets.slice(0, 8).map(({ store, table, column, what }) => `${store}: ${table}.${column}, ${what}`),
    consequence:
      state === 'tracked'
        ? 'Everyone who has or gets the repository has these credentials, in each version ever committed.'
        : 'The next git add . commits them, and history keeps them from then on.',
    action:
      state === 'tracked'
        ? `git rm --cached ${ids.join(' ')} and an ignore rule; then change the credentials.`
        : `Add an ignore rule for ${list(ids)}.`,
  };
}
