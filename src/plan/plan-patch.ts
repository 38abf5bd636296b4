/** All edits of a plan as one patch that `git apply` takes. What a patch cannot carry, stores and files that go, is listed at its head. */
import { shownPath } from '../disk/paths.ts';
import { type PatchedFile, unifiedPatch } from '../edit/patch.ts';
import type { Compiled, EditedFile } from './compile/model.ts';
import type { Plan } from './model.ts';
import { inOrder } from './what-applies.ts';

export function planPatch(plan: Plan, compiled: Compiled): Buffer {
  const ready = inOrder(plan.actions).filter(({ id }) => compiled.actions.get(id)?.is === 'ready');
  const reasons = new Map(ready.map(({ id, reason }) => [id, reason]));
  const because = (actions: readonly string[]): readonly string[] =>
    [...new Set(actions)].map((id) => `${id}: ${reasons.get(id) ?? ''}`.replace(/: $/, ''));
  const movers = new Map(
    ready.flatMap(({ id }) =>
      (compiled.actions.get(id)?.locked?.steps ?? []).flatMap((step) =>
        step.op === 'rename' ? [[shownPath(step.path), id] as const] : [],
      ),
    ),
  );
  const actionsOf = ({ from, edits }: EditedFile): readonly string[] => [
    ...(from === null ? [] : [movers.get(from)].filter((id) => id !== undefined)),
    ...edits.map(({ action }) => action),
  ];
  const files = compiled.phases.flatMap(({ edited }) =>
    edited.map((file): PatchedFile => ({ ...file, reasons: because(actionsOf(file)) })),
  );
  const without = ready.filter(({ id }) => {
    const steps = compiled.actions.get(id)?.locked?.steps ?? [];
    return steps.some(({ op }) => op === 'remove' || op === 'git-index');
  });
  const head = without.map(({ id, kind, subject }) =>
    `# not in this patch: ${kind} ${subject} (${id})\n`.replace(/\r|\n(?!$)/g, ' '),
  );
  return Buffer.concat([Buffer.from(head.join('')), unifiedPatch(files)]);
}
