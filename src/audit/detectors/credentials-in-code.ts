/** Passwords of databases in source and settings files (trap C24). Never says any part of one. */
import { groupBy } from '../group-by.ts';
import type { Detector } from '../model.ts';
import { count, list } from '../wording.ts';
import { type WrittenCredential, writtenCredentials } from '../written-credentials.ts';
import type { Draft } from './finding.ts';

export const credentialsInCode: Detector = {
  doc: {
    code: 'credentials-in-code',
    title: 'A password of a database stands in the code',
    severity: 'high',
    when: 'A connection string, a call that connects, a compose file, a settings file or an environment file that git tracks holds a password in plain text. All places of one password are one finding; the password itself is never shown.',
    why: 'Everybody who ever had the repository has the password, and history keeps it after the line is gone.',
    fix: 'Change the password at the server, take it from the environment or a secret store, and keep a file with empty values as the example.',
    not: 'Environment files that git does not track, values taken from variables, tests, examples and documentation, and words such as `password` or `postgres` for a server on this machine.',
  },
  detect({ code }) {
    const found = [...code.files].flatMap(([path, facts]) => {
      const look = (): readonly WrittenCredential[] => writtenCredentials(path, facts, code.gitOf);
      // What git does with a file counts for environment files only; nothing of a password is remembered.
      return facts.language === 'env' || code.answer(path, 'holds a password', () => look().length > 0) ? look() : [];
    });
    const reported = found.filter(({ placeholder, local, form }) => !placeholder || (!local && form === 'url'));
    return [...groupBy(reported, ({ same }) => same).values()].map(describe);
  },
};

function describe(places: readonly WrittenCredential[]): Draft {
  const real = places.some(({ placeholder }) => !placeholder);
  const sure = real && places.some(({ form, local }) => form === 'call' || (form === 'url' && !local));
  const remote = places.some(({ local }) => !local);
  const other = places.every((place) => place.other === true);
  const files = [...new Set(places.map(({ path }) => path))];
  const what = [...new Set(places.map((place) => place.what))];
  return {
    severity: real && (remote || sure) ? (remote ? 'high' : 'medium') : 'low',
    confidence: sure ? 'proven' : real ? 'likely' : 'possible',
    message: `${list(files, 3)} ${files.length === 1 ? 'holds' : 'hold'} a ${other ? 'secret' : 'password'} in plain text (${list(what, 3)}).`,
    at: places.map(({ path, line }) => ({ path, line })),
    evidence: [
      ...places.slice(0, 8).map((place) => `${place.path}:${place.line}: ${place.what}`),
      ...(places.length > 1 ? [`${count(places.length, 'place')} hold the same one`] : []),
      ...(real ? [] : ['it looks like a placeholder']),
    ],
    consequence: other
      ? 'Whoever can read the repository, now or in its history, can sign, log in or call others as this program.'
      : remote
        ? 'Whoever can read the repository, now or in its history, can open the database.'
        : 'The password travels with every copy of the repository; it is often the one that is used elsewhere too.',
    action: other
      ? 'Take it from a file that git does not track, replace it where it is used, and do not rely on removing the line.'
      : 'Take it from the environment, change it at the server, and do not rely on removing the line.',
  };
}
