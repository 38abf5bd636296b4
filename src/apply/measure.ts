/**
 * What is at each path of a project, for planning: states are hashed when they are asked for, and each once. Planning may not hold the
 * disk, so it gets these answers.
 */
import { join } from 'node:path';
import type { Audit } from '../audit/model.ts';
import type { Config } from '../config/config.ts';
import type { Disk } from '../disk/disk.ts';
import { ABSENT, type PathState, type StampedState, stampedStateOf } from '../disk/path-state.ts';
import type { Measured } from '../plan/measured.ts';
import type { StateFolder } from '../state/state-folder.ts';
import { gitIndex } from '../steps/git-index-file.ts';
import { exportPort } from './export-port.ts';
import { followPort } from './follow-port.ts';
import { measureGit } from './measure-git.ts';
import { mergePort } from './merge-port.ts';
import { prover } from './prover.ts';
import { settlePort } from './settle-port.ts';

export interface MeasureInput {
  readonly audit: Audit;
  readonly config: Config;
  readonly disk: Disk;
  /** Where audits keep what they learnt; `null` or left out: nothing is taken from it. */
  readonly cacheDir?: string | null;
  /** Parent folder for private copies of stores. */
  readonly scratchDir?: string;
  readonly signal?: AbortSignal;
  /** Where ledgers of earlier runs lie; left out where nobody asks for them. */
  readonly state?: StateFolder;
}

export function measure(input: MeasureInput): Measured {
  const { audit, config, disk, state } = input;
  const { root } = audit.project;
  const states = new Map<string, StampedState>();
  const stateOf = (path: string): PathState => {
    const known = states.get(path);
    if (known !== undefined) return known.state;
    const found = stampedStateOf(disk, join(root, path));
    states.set(path, found);
    return found.state;
  };
  return {
    audit,
    config,
    paths: [...audit.code.paths].sort(),
    stateOf: (path) => (leavesByLink(path, stateOf) ? ABSENT : stateOf(path)),
    read: (path) => contentOf(disk, join(root, path)),
    namesIn: (folder) => {
      if (stateOf(folder).kind !== 'folder') return [];
      return disk
        .readdir(join(root, folder))
        .map((name) => name.toString('utf8'))
        .sort();
    },
    git: audit.project.git === null ? null : measureGit(audit, gitIndex(disk)),
    prove: prover(input),
    merging: mergePort(input),
    following: followPort(input),
    exporting: exportPort(input),
    ...(state === undefined ? {} : { settling: settlePort({ ...input, state }) }),
  };
}

/** A path below a link is a path of what the link leads to: nothing is planned for it under this name. */
function leavesByLink(path: string, stateOf: (path: string) => PathState): boolean {
  for (let at = path.indexOf('/'); at > 0; at = path.indexOf('/', at + 1)) {
    if (stateOf(path.slice(0, at)).kind === 'link') return true;
  }
  return false;
}

function contentOf(disk: Disk, path: string): Buffer {
  const file = disk.open(path, 'read');
  try {
    const bytes = Buffer.alloc(file.stat().size);
    let at = 0;
    while (at < bytes.length) {
      const read = file.read(bytes.subarray(at), at);
      if (read === 0) break;
      at += read;
    }
    return bytes.subarray(0, at);
  } finally {
    file.close();
  }
}
