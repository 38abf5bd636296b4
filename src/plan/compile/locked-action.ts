/** What of an action goes into the lock: its steps without times, its hunks, what it relies on, and one digest of all that. */
import type { PathState } from '../../disk/path-state.ts';
import { shownPath } from '../../disk/paths.ts';
import type { PlannedStep } from '../../steps/step.ts';
import { digest } from '../digest.ts';
import { intentOf } from '../intent.ts';
import type { Hunk, LockedAction, LockedStep, Reliance } from '../lock-model.ts';
import type { Measured } from '../measured.ts';
import type { Action, Plan } from '../model.ts';
import type { Draft } from './draft.ts';
import type { Merged } from './merge.ts';
import { pendingHash, pendingManifest } from './pending.ts';

export function lockedAction(
  action: Action,
  plan: Plan,
  draft: Draft,
  merged: Merged,
  on: Measured,
): Omit<LockedAction, 'seconds'> {
  const isLoose = looseIn(draft);
  const own = merged.steps.filter((step) => step.action === action.id);
  const hunks = hunksOf(draft, merged, on);
  const intent = intentOf(action, plan);
  const relies = [...draft.relies].sort((x, y) => (key(x) < key(y) ? -1 : 1));
  // Files that several actions edit are put once; folders are made and go for several: neither is this action's alone.
  const alone = own.filter(
    (step) =>
      !(step.op === 'put' && merged.puts.has(shownPath(step.path))) &&
      (step.op !== 'remove-folder' || draft.changes.some(({ path }) => path === step.path)) &&
      (step.op !== 'make-folder' || draft.changes.some(({ path }) => path === step.path)) &&
      // Which files lie beside a store changes while programs work with it.
      !isLoose.beside(step) &&
      // One list for all exports of a folder: whichever of them is first brings it.
      !isManifest(step),
  );
  const made = draft.export === undefined ? MERGED : EXPORTED;
  const steps = own.map((step) => lockedStep(step, isLoose, made));
  return {
    intent,
    digest: digest('desprawl locked action 1\n', {
      intent,
      relies,
      hunks: hunks.map(({ at: _at, ...rest }) => rest),
      steps: alone.map((step) => lockedStep(step, isLoose, made)),
    }),
    relies,
    steps,
    hunks,
    left: draft.left,
    bindings: draft.bindings,
    bytes: bytesOf(own, merged),
  };
}

/** In the place of a content that is made, and of one that may be another one, when the locks are held. */
const MERGED = 'merged';
const EXPORTED = 'exported';
const STORE = 'store';

interface Loose {
  main(step: PlannedStep): boolean;
  beside(step: PlannedStep): boolean;
}

function looseIn({ loose = [] }: Draft): Loose {
  const pathOf = (step: PlannedStep): string | null => ('path' in step ? shownPath(step.path) : null);
  return {
    main: (step) => loose.includes(pathOf(step) ?? ''),
    beside: (step) => loose.some((main) => /^-(?:wal|shm|journal)$/.test((pathOf(step) ?? '').replace(main, ''))),
  };
}

const key = (reliance: Reliance): string => `${reliance.on}\n${shownPath(reliance.path)}`;

function hunksOf(draft: Draft, { texts }: Merged, on: Measured): readonly Hunk[] {
  const edits = draft.edits.flatMap(({ path, start, end, with: to, why, proof }): readonly Hunk[] => {
    const text = texts.get(path);
    if (text === undefined) return [];
    return [{ path, at: [start, end, lineAt(text, start)], from: text.slice(start, end), to, why, proof }];
  });
  const added = draft.appends.map(({ path, line, why }): Hunk => {
    const text = texts.get(path) ?? '';
    const proof = on.stateOf(path).kind === 'absent' ? 'the file is made' : 'a line at its end';
    return { path, at: [text.length, text.length, lineAt(text, text.length)], from: '', to: line, why, proof };
  });
  return [...edits, ...added].sort((x, y) => (x.path < y.path ? -1 : x.path > y.path ? 1 : x.at[0] - y.at[0]));
}

function lineAt(text: string, at: number): number {
  let line = 1;
  for (let i = text.indexOf('\n'); i >= 0 && i < at; i = text.indexOf('\n', i + 1)) line++;
  return line;
}

const isManifest = (step: PlannedStep): boolean =>
  step.op === 'put' && step.after.kind === 'file' && step.after.sha256 === pendingManifest(step.action);
const isMade = (step: PlannedStep): boolean =>
  isManifest(step) ||
  (step.op === 'put' && step.after.kind === 'file' && step.after.sha256 === pendingHash(step.action));

function lockedStep(step: PlannedStep, isLoose: Loose, made: string): LockedStep {
  switch (step.op) {
    case 'put': {
      const after = isMade(step) ? made : (contentOf(step.after) ?? '');
      const mode = step.after.kind === 'file' ? { mode: step.after.mode } : {};
      const before = contentOf(step.before);
      return {
        op: 'put',
        path: step.path,
        before: before === null ? null : isLoose.main(step) ? STORE : before,
        after,
        ...mode,
      };
    }
    case 'remove':
      return { op: 'remove', path: step.path, before: isLoose.main(step) ? STORE : (contentOf(step.before) ?? '') };
    case 'rename':
      return { op: 'rename', path: step.path, to: step.to, before: contentOf(step.before) ?? '' };
    case 'make-folder':
    case 'remove-folder':
      return { op: step.op, path: step.path };
    case 'git-index':
      return { op: 'git-index', entries: step.entries };
  }
}

function contentOf(state: PathState): string | null {
  return state.kind === 'file' ? state.sha256 : state.kind === 'link' ? `-> ${shownPath(state.target)}` : null;
}

/** `vault`: what the vault holds afterwards for this action, each content once. */
function bytesOf(steps: readonly PlannedStep[], { contents }: Merged): LockedAction['bytes'] {
  const vault = new Map<string, number>();
  let [changed, freed] = [0, 0];
  const hold = (state: PathState): number => {
    if (state.kind !== 'file') return 0;
    vault.set(state.sha256, state.bytes);
    return state.bytes;
  };
  for (const step of steps) {
    if (step.op === 'put') {
      hold(step.before);
      const bytes = hold(step.after);
      const isNew = step.after.kind === 'file' && (contents.has(step.after.sha256) || isMade(step));
      if (step.after.kind === 'file' && isNew) changed += bytes;
    } else if (step.op === 'remove') {
      freed += hold(step.before);
    }
  }
  return { changed, freed, vault: [...vault.values()].reduce((sum, bytes) => sum + bytes, 0) };
}
