/**
 * Steps as this disk can carry them out: what a plan does not know and one look tells. A file of several names, or one that is mounted by
 * itself, is written in place, so that it stays what it is; what cannot be renamed since it lies on another file system is put there from
 * the vault, and then removed. Looks only.
 */
import { readFileSync } from 'node:fs';
import type { Disk, Path, Stat } from '../disk/disk.ts';
import { ABSENT } from '../disk/path-state.ts';
import { bytesOf, folderOf, joinPath, keyOf, type RecordedPath, shownPath } from '../disk/paths.ts';
import { DesprawlError } from '../errors.ts';
import { type PlannedStep, transitionsOf } from '../steps/step.ts';

/** Throws `DSP-WRITE-FAILED` for a file that is a mount and is to be moved or removed: nothing was begun. */
export function fitSteps(
  disk: Disk,
  root: string,
  steps: readonly PlannedStep[],
  mounts: ReadonlySet<string> = mountPoints(),
): readonly PlannedStep[] {
  /** Where a file lies before the run that lies at this path on the way. */
  const origins = new Map<string, RecordedPath>();
  const systems = new Map<string, bigint | null>();
  /** Of a folder; a thousand files may lie in it. */
  const systemOfFolder = (folder: Path): bigint | null => {
    const key = keyOf(Buffer.from(folder));
    const known = systems.get(key);
    if (known !== undefined) return known;
    const system = disk.lstat(folder)?.dev ?? null;
    systems.set(key, system);
    return system;
  };
  /** A bind mount of one file: nothing can take its name. */
  const isMounted = (path: RecordedPath, { dev }: Stat): boolean => {
    const place = joinPath(root, path);
    if (mounts.has(place.toString())) return true;
    const system = systemOfFolder(folderOf(place));
    return system !== null && system !== dev;
  };
  const statOf = (path: RecordedPath): Stat | null => {
    const stat = disk.lstat(joinPath(root, origins.get(keyOf(path)) ?? path));
    return stat?.kind === 'file' ? stat : null;
  };
  return steps.flatMap((step): readonly PlannedStep[] => {
    if (step.op === 'put' && step.how === 'replace' && step.before.kind === 'file' && step.after.kind === 'file') {
      const stat = statOf(step.path);
      const stays = stat !== null && (stat.nlink > 1 || isMounted(step.path, stat));
      return [stays ? { ...step, how: 'in-place' } : step];
    }
    if (step.op === 'remove' || step.op === 'rename') {
      const stat = statOf(step.path);
      if (stat !== null && isMounted(step.path, stat)) throw mounted(step.path);
    }
    if (step.op !== 'rename') return [step];
    const { to, ...common } = step;
    if (systemOf(disk, root, step.path) === systemOf(disk, root, to)) {
      origins.set(keyOf(to), origins.get(keyOf(step.path)) ?? step.path);
      return [step];
    }
    return [
      { ...common, op: 'put', path: to, before: ABSENT, after: step.before, how: 'replace' },
      { ...common, op: 'remove' },
    ];
  });
}

/** Also of files of the same file system, which nothing else tells. None where the system has no such list. */
function mountPoints(): ReadonlySet<string> {
  try {
    const lines = readFileSync('/proc/self/mountinfo', 'latin1').split('\n');
    const points = lines.map((line) =>
      (line.split(' ')[4] ?? '').replace(/\\(\d{3})/g, (_, octal: string) =>
        String.fromCharCode(Number.parseInt(octal, 8)),
      ),
    );
    return new Set(points.map((point) => Buffer.from(point, 'latin1').toString()));
  } catch {
    return new Set();
  }
}

function mounted(path: RecordedPath): DesprawlError {
  return new DesprawlError(
    'DSP-WRITE-FAILED',
    `${shownPath(path)} is mounted by itself, and can neither be moved nor removed. Nothing was begun.`,
    { hint: 'Unmount it, or leave the action out of the plan with `skip: true`.' },
  );
}

/** Of the nearest folder above a path that is there. */
function systemOf(disk: Disk, root: string, path: RecordedPath): bigint | undefined {
  const bytes = bytesOf(path);
  for (let at = bytes.lastIndexOf(0x2f); at > 0; at = bytes.lastIndexOf(0x2f, at - 1)) {
    const stat = disk.lstat(joinPath(root, bytes.subarray(0, at)));
    if (stat !== null) return stat.dev;
  }
  return disk.lstat(root)?.dev;
}

/** Files that go and have other names: what comes back from the vault is a file of its own. */
export function severalNames(disk: Disk, root: string, steps: Iterable<PlannedStep>): readonly RecordedPath[] {
  const found: RecordedPath[] = [];
  for (const step of steps) {
    if (step.op !== 'remove') continue;
    for (const { path } of transitionsOf(step)) {
      const stat = disk.lstat(joinPath(root, path));
      if (stat?.kind === 'file' && stat.nlink > 1) found.push(path);
    }
  }
  return found;
}
