/** On another branch, files are others: to put back those of this one would mix two branches (trap S21). */
import type { RunHeader } from '../apply/model.ts';
import { shownPath } from '../disk/paths.ts';
import { DesprawlError } from '../errors.ts';
import type { ProjectMark } from '../vault/model.ts';
import type { ChangedPath } from './steps-back.ts';

/** How many paths a message names. */
const SHOWN = 5;

/** `headers`: of the runs, newest first. Throws `DSP-RUN-BASE`. */
export function assertBase(
  headers: readonly Pick<RunHeader, 'run' | 'project'>[],
  now: ProjectMark['git'],
  changed: readonly Pick<ChangedPath, 'path'>[],
): void {
  const made = headers[0];
  const branch = made?.project.git?.branch ?? null;
  if (made === undefined || branch === null || now === null || now.branch === branch || changed.length === 0) return;
  const names = changed.slice(0, SHOWN).map(({ path }) => shownPath(path));
  const more = changed.length > SHOWN ? ` and ${changed.length - SHOWN} more` : '';
  const on = now.branch === null ? 'no branch is checked out now' : `${now.branch} is checked out now`;
  throw new DesprawlError(
    'DSP-RUN-BASE',
    `The run ${made.run} was made on the branch ${branch}, ${on}, and what it touched is not as it left it: ${names.join(', ')}${more}. Nothing was changed.`,
    { hint: `Run \`git switch ${branch}\`, then the command again.` },
  );
}
