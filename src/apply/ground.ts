/** What a command that changes a project stands on. Given in by the command line, and by a dry run for its copy. */

import { audit, type Progress } from '../audit/audit.ts';
import type { Audit } from '../audit/model.ts';
import type { Config } from '../config/config.ts';
import type { Disk } from '../disk/disk.ts';
import type { ProcessIdentity } from '../state/processes.ts';
import type { StateFolder } from '../state/state-folder.ts';

export interface ProjectGround {
  readonly disk: Disk;
  /** The real path of the project; of a dry run, that of its copy. */
  readonly root: string;
  /** The project that checks must not touch: `root`, also in a dry run the real one. */
  readonly real: string;
  readonly state: StateFolder;
  readonly config: Config;
  /** Version of desprawl. */
  readonly tool: string;
  /** The command as it was given, for who is kept out. */
  readonly command: string;
  readonly identity: ProcessIdentity;
  /** The caller's environment, for checks. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly scratchDir: string;
  /** `null`: none is read or written. */
  readonly cacheDir: string | null;
  /** Milliseconds since 1970. */
  now(): number;
  /** Hex digits. */
  random(digits: number): string;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: RunProgress) => void;
}

export interface RunProgress {
  readonly phase: Progress['phase'] | 'copy' | 'check' | 'backup' | 'merge' | 'export' | 'steps' | 'verify';
  readonly done: number;
  readonly total: number;
  readonly bytes?: number;
  readonly item?: string;
}

/** The project as it is now. */
export function look(ground: ProjectGround): Promise<Audit> {
  const { root, config, cacheDir, scratchDir, signal, onProgress } = ground;
  return audit({
    root,
    config,
    exact: config.audit.exact,
    timeoutSeconds: config.audit.timeout,
    cacheDir,
    scratchDir,
    now: ground.now(),
    ...(onProgress === undefined ? {} : { onProgress }),
    ...(signal === undefined ? {} : { signal }),
  });
}
