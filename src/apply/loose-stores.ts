/**
 * Stores that may have got rows until they were locked: what is at their paths now, files beside them included, takes the place of what was
 * there when the plan was compiled. Whatever is there by now is in the backup of the run.
 */
import { ABSENT, type FileState } from '../disk/path-state.ts';
import { keyOf, type RecordedPath } from '../disk/paths.ts';
import { lookAt } from '../steps/place.ts';
import type { Ground } from '../steps/primitive.ts';
import type { PlannedStep } from '../steps/step.ts';

const SIDECARS = ['-wal', '-journal', '-shm'] as const;

/** `loose`: main files. */
export function asTheyAre(
  on: Ground,
  steps: readonly PlannedStep[],
  loose: ReadonlySet<string>,
): readonly PlannedStep[] {
  if (loose.size === 0) return steps;
  const files = new Set([...loose].flatMap((path) => ['', ...SIDECARS].map((end) => `${path}${end}`)));
  const nowAt = (path: string): FileState | null => {
    const { state } = lookAt(on, path);
    return state.kind === 'file' ? state : null;
  };
  /** Only the first step of a path finds what is there. */
  const begun = new Set<string>();
  const fitted = steps.flatMap((step): readonly PlannedStep[] => {
    if (step.op !== 'put' && step.op !== 'remove' && step.op !== 'rename') return [step];
    const isFirst = isLoose(step.path, files) && !begun.has(keyOf(step.path));
    begun.add(keyOf(step.path));
    if (!isFirst || typeof step.path !== 'string') return [step];
    const now = nowAt(step.path);
    if (step.op === 'put') return [{ ...step, before: now ?? ABSENT }];
    // A file beside the store that is not there any more need not go.
    return now === null ? (loose.has(step.path) ? [step] : []) : [{ ...step, before: now }];
  });
  return fitted.flatMap((step): readonly PlannedStep[] => {
    if (step.op !== 'put' && step.op !== 'remove') return [step];
    if (typeof step.path !== 'string' || !loose.has(step.path)) return [step];
    const beside = SIDECARS.flatMap((end): readonly PlannedStep[] => {
      const path = `${step.path}${end}`;
      const now = begun.has(keyOf(path)) ? null : nowAt(path);
      if (now === null) return [];
      begun.add(keyOf(path));
      return [
        {
          op: 'remove',
          action: step.action,
          path,
          before: now,
          ...(step.store === undefined ? {} : { store: step.store }),
        },
      ];
    });
    return [step, ...beside];
  });
}

function isLoose(path: RecordedPath, files: ReadonlySet<string>): boolean {
  return typeof path === 'string' && files.has(path);
}
