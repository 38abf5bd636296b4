/** Does a phase change anything in the code that it does not say? What does is blocked, with what would change. */
import { digest } from '../digest.ts';
import type { Measured, Proving } from '../measured.ts';
import type { Action, Plan } from '../model.ts';
import type { Unplanned } from '../prove.ts';
import type { Draft, DraftOf } from './draft.ts';
import { type ChangesSoFar, codeChanges } from './project-changes.ts';

const CODE = /\.(?:py|pyi|[cm]?[jt]sx?|php|vue|svelte|prisma)$/;

/** Id → why it is blocked. `so`: with this phase. */
export async function changesUnplanned(
  drafts: readonly DraftOf[],
  plan: Plan,
  so: ChangesSoFar,
  on: Measured,
): Promise<ReadonlyMap<string, string>> {
  const { files } = on.audit.code;
  const isCode = (path: string): boolean => files.has(path) || CODE.test(path);
  const touching = drafts.filter(({ draft }) => touchesCode(draft, isCode));
  if (on.prove === undefined || touching.length === 0) return new Map();
  const found = await on.prove(proving(plan, drafts, so, isCode));
  const blocked = new Map<string, string>();
  for (const one of found) {
    const near = touching.filter(({ draft }) => touches(draft, one.path));
    // Where nothing of the plan touches the file, what it leads to moved: any of them may have done it.
    for (const { action } of near.length > 0 ? near : touching) {
      if (!blocked.has(action.id)) blocked.set(action.id, `it would change more than it says: ${inWords(one)}`);
    }
  }
  return blocked;
}

function proving(plan: Plan, drafts: readonly DraftOf[], so: ChangesSoFar, isCode: (path: string) => boolean): Proving {
  const changes = codeChanges(so, isCode);
  const instead = plan.actions.flatMap((action: Action) =>
    action.kind === 'repoint' ? [[action.subject, action.to] as const] : [],
  );
  const planned = { bindings: drafts.flatMap(({ draft }) => draft.bindings), instead: new Map(instead) };
  const key = digest('proof\n', {
    texts: [...changes.texts].map(([path, text]) => [path, digest('text\n', text.toString('latin1'))]),
    moved: [...changes.moved],
    removed: [...changes.removed],
    bindings: planned.bindings,
    instead,
  });
  return { key, changes, planned };
}

function touchesCode({ edits, changes }: Draft, isCode: (path: string) => boolean): boolean {
  return edits.length > 0 || changes.some(({ path, movedFrom }) => movedFrom !== undefined || isCode(path));
}

function touches({ edits, changes }: Draft, path: string): boolean {
  return edits.some((one) => one.path === path) || changes.some((one) => one.path === path || one.movedFrom === path);
}

function inWords({ path, line, what }: Unplanned): string {
  return `${path}:${line} ${what}`;
}
