/**
 * Declared exports against their tables. A run answers for what it made and for what was right before it; what differed before, what its plan
 * left, and what somebody wrote to a table since is told, and held against nobody.
 */
import type { NotVerified } from '../apply/model.ts';
import { count, list } from '../audit/wording.ts';
import type { Judged, VerifiedExport } from './model.ts';

/** Nothing where no export is kept in the project. */
export function exportsFinding(exports: readonly VerifiedExport[]): Judged {
  const seen = exports.filter(({ is }) => is !== 'not verified');
  const notVerified = exports.flatMap((one): readonly NotVerified[] => {
    if (one.is === 'not verified')
      return [{ what: one.path, why: one.why ?? 'it could not be compared with its table' }];
    return one.is === 'differs' && one.excuse === 'cannot tell'
      ? [{ what: one.path, why: `${one.why ?? 'it differs'}; what its table was after the run is not known` }]
      : [];
  });
  if (seen.length === 0) return { findings: [], notVerified };
  const equal = seen.filter(({ is }) => is === 'equal').length;
  const wrong = seen.filter(({ is, excuse }) => is === 'differs' && excuse === null);
  const told = (excuse: VerifiedExport['excuse'], words: (paths: string) => string): readonly string[] => {
    const paths = seen.filter((one) => one.is === 'differs' && one.excuse === excuse).map(({ path }) => path);
    return paths.length === 0 ? [] : [words(list(paths, 3))];
  };
  const detail = [
    equal === seen.length
      ? `${count(seen.length, 'declared export says', 'declared exports say')} what ${seen.length === 1 ? 'its table says' : 'their tables say'}`
      : `${equal} of ${count(seen.length, 'declared export')} ${equal === 1 ? 'says' : 'say'} what the tables say`,
    ...told('before', (paths) => `${paths} differed before`),
    ...told('left', (paths) => `the plan left ${paths} as it was`),
    ...told('since', (paths) => `the table of ${paths} was written to since`),
    ...told('cannot tell', (paths) => `nobody can tell since when ${paths} differs`),
  ].join('; ');
  const places = wrong.map(({ path, why }) => ({ path, what: why ?? 'it does not say what its table says' }));
  return { findings: [{ what: 'exports', ok: places.length === 0, detail, places }], notVerified };
}
