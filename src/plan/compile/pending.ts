/**
 * A file whose content is made under the locks has a state before that: a file, its mode, its owner, and in the place of its hash a word of
 * this action. `withMade` puts in what was made. Nobody can mistake it for a content: it is the hash of a sentence, not of a store.
 */
import type { FileState, PathState } from '../../disk/path-state.ts';
import type { PlannedStep } from '../../steps/step.ts';
import { digest } from '../digest.ts';
import type { CompiledPhase } from './model.ts';

/** Who may read a store that a merge makes: accounts are among its rows. */
const NEW_STORE = 0o600;

export function pendingHash(action: string): string {
  return digest('desprawl merged store of\n', action);
}

/** `bytes`: as many as it has at most; the merged file tells. */
export function pendingState(action: string, now: PathState, bytes: number): FileState {
  const mode = now.kind === 'file' ? now.mode : NEW_STORE;
  return { kind: 'file', sha256: pendingHash(action), bytes, mode };
}

/** Of the list that lies beside the exports of a folder. */
export function pendingManifest(action: string): string {
  return digest('desprawl manifest of exports of\n', action);
}

export interface MadeFile {
  readonly sha256: string;
  readonly bytes: number;
}

/** The phase with what was made, by the word that stands for it. Throws where one of `needed` is missing: nothing pending may be written. */
export function withMade(
  phase: CompiledPhase,
  needed: readonly string[],
  made: ReadonlyMap<string, MadeFile>,
): CompiledPhase {
  const missing = needed.find((pending) => !made.has(pending));
  if (missing !== undefined) throw new Error(`nothing was made for ${missing}`);
  const filled = <S extends PathState>(state: S): S => {
    const file = state.kind === 'file' ? made.get(state.sha256) : undefined;
    return file === undefined ? state : { ...state, ...file };
  };
  const steps = phase.steps.map((step): PlannedStep => {
    if (step.op === 'put') return { ...step, before: filled(step.before), after: filled(step.after) };
    if (step.op === 'remove' || step.op === 'rename') return { ...step, before: filled(step.before) };
    return step;
  });
  return { ...phase, steps };
}
