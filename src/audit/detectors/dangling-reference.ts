/** Commands, builds and manifests that name a file of the project which is not there (trap C19). */
import { purposeOf } from '../../bindings/purpose.ts';
import { type DanglingPath, danglingPaths } from '../dangling-paths.ts';
import { isForeignCode, isPutAway } from '../foreign-code.ts';
import { groupBy } from '../group-by.ts';
import type { Detector, Severity } from '../model.ts';
import { count, list } from '../wording.ts';
import type { Draft } from './finding.ts';

export const danglingReference: Detector = {
  doc: {
    code: 'dangling-reference',
    title: 'A command or build names a file that is not there',
    severity: 'high',
    when: 'A package script, CI job, Dockerfile, compose file, Makefile, cron line, unit or Procfile names a script, source, build folder or settings file of this project that does not exist.',
    why: 'The build or the job fails when it is run next, which may be months after the file was moved; a cron job fails without anybody seeing it.',
    fix: 'Point it to where the file is now, or remove the entry.',
    not: 'What a build or an install makes (dist, node_modules, generated files), globs, variables, paths outside the project, files that the commands make themselves, documentation.',
  },
  detect(facts) {
    const dangling = danglingPaths(facts).filter(
      ({ path }) => purposeOf(path) !== 'test' && !isForeignCode(path) && !isPutAway(path),
    );
    const byTarget = groupBy(dangling, ({ target }) => target);
    // Targets that the same files name went together.
    const bySet = groupBy([...byTarget.values()], (places) =>
      [...new Set(places.map(({ path, how }) => `${how} ${path}`))].sort().join('\n'),
    );
    return [...bySet.values()].map((same) => describe(same.flat()));
  },
};

const SEVERITIES: Readonly<Record<DanglingPath['how'], Severity>> = {
  build: 'high',
  job: 'high',
  schedule: 'high',
  start: 'high',
  script: 'medium',
  manifest: 'low',
  variables: 'low',
};
const ORDER: readonly Severity[] = ['high', 'medium', 'low'];

function describe(places: readonly DanglingPath[]): Draft {
  const targets = [...new Set(places.map(({ target }) => target))];
  const files = [...new Set(places.map(({ path }) => path))];
  const perhaps = [...new Set(places.flatMap((one) => one.perhaps))];
  const severity = ORDER.find((one) => places.some(({ how }) => SEVERITIES[how] === one)) ?? 'low';
  return {
    severity,
    confidence: places.every(({ sure }) => sure) ? 'proven' : 'likely',
    message: `${list(files)} ${files.length === 1 ? 'names' : 'name'} ${list(targets)}, which ${targets.length === 1 ? 'is' : 'are'} not there.`,
    at: places.map(({ path, line }) => ({ path, line })),
    evidence: [
      ...[...new Set(places.map(({ path, line, what, target }) => `${path}:${line}: ${what} (${target})`))].slice(0, 8),
      ...(places.length > 8 ? [`and ${count(places.length - 8, 'more place')}`] : []),
      ...started(places),
      ...(perhaps.length > 0 ? [`perhaps ${list(perhaps)} ${perhaps.length === 1 ? 'is' : 'are'} meant`] : []),
    ],
    consequence: places.some(({ how }) => how === 'schedule')
      ? 'The job fails each time, and nobody is told.'
      : 'It fails when it is run next.',
    action:
      perhaps.length > 0 ? 'Point it to the file that is meant.' : 'Find out where the file went, or remove the entry.',
  };
}

/** Which part of the project lies in that folder of a machine is not written anywhere. */
function started(places: readonly DanglingPath[]): readonly string[] {
  const lines = places.flatMap(({ started }) => {
    if (started === undefined) return [];
    const folders = started.folders.map((folder) => (folder === '' ? 'the project’s folder' : folder));
    return [`started in ${started.cwd}; looked for from ${list(folders)}`];
  });
  return [...new Set(lines)].slice(0, 4);
}
