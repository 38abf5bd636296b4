/** Reads the code of the project as it would be, for planning: each question once, since several rounds of compiling ask the same. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { keptCodeFile } from '../audit/kept/kept-code.ts';
import type { Audit } from '../audit/model.ts';
import type { Config } from '../config/config.ts';
import { lazily } from '../lazily.ts';
import { snapshotOf } from '../plan/code-snapshot.ts';
import type { Measured } from '../plan/measured.ts';
import type { ProjectNow } from '../plan/overlay.ts';
import { prove, type Unplanned } from '../plan/prove.ts';
import { openGit } from '../project/git.ts';
import { walkProject } from '../project/walk.ts';

export interface ProverInput {
  readonly audit: Audit;
  readonly config: Config;
  readonly cacheDir?: string | null;
  readonly signal?: AbortSignal;
}

export function prover({ audit, config, cacheDir = null, signal }: ProverInput): NonNullable<Measured['prove']> {
  const { root } = audit.project;
  const now = lazily(async (): Promise<ProjectNow> => {
    const walk = walkProject(root, { ignore: config.ignore });
    const git = await openGit(
      root,
      walk.files.map(({ path }) => path),
    );
    return {
      facts: audit,
      walk,
      git,
      read: (path) => readFileSync(join(root, path)),
      cacheFile: cacheDir === null ? null : keptCodeFile(cacheDir, root),
    };
  });
  const before = lazily(() => snapshotOf(audit));
  const answers = new Map<string, Promise<readonly Unplanned[]>>();
  return ({ key, changes, planned }) => {
    const known = answers.get(key);
    if (known !== undefined) return known;
    const asked = now()
      .then((project) => prove(project, before(), changes, planned, signal))
      .then(({ unplanned }) => unplanned);
    answers.set(key, asked);
    return asked;
  };
}
