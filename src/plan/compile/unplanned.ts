/** Does a phase change anything in the code that it does not say? What does is blocked, with what would change. */
import { digest } from '../digest.ts';
import type { Measured, Proving } from '../measured.ts';
import type { Action, Plan } from '../model.ts';
import type { Unplanned } from '../prove.ts';
import type { Draft, DraftOf } from './draft.ts';
import { mergeDrafts } from './merge.ts';
import { type ChangesSoFar, codeChanges, withChanges } from './project-changes.ts';

const CODE = /\.(?:py|pyi|[cm]?[jt]sx?|php|vue|svelte|prisma)$/;

/** Id → why it is blocked. `before`: what earlier phases did; `on`: the project as they leave it. */
export async function changesUnplanned(
  drafts: readonly DraftOf[],
  plan: Plan,
  before: ChangesSoFar,
  on: Measured,
): Promise<ReadonlyMap<string, string>> {
  const { files } = on.audit.code;
  const so = withChanges(before, mergeDrafts(drafts, on));
  const isCode = (path: string): boolean => files.has(path) || CODE.test(path);
  const touching = drafts.filter(({ draft }) => touchesCode(draft, isCode));
  if (on.prove === undefined || touching.length === 0) return new Map();
  const prove = on.prove;
  const ask = (some: readonly DraftOf[]): Promise<readonly Unplanned[]> => {
    const changes = some.length === drafts.length ? so : withChanges(before, mergeDrafts(some, on));
    return prove(proving(plan, some, changes, isCode));
  };
  const found = await ask(drafts);
  const blocked = new Map<string, string>();
  const block = (some: readonly DraftOf[], one: Unplanned): void => {
    for (const { action } of some)
      if (!blocked.has(action.id)) blocked.set(action.id, `it would change more than it says: ${inWords(one)}`);
  };
  for (const one of found) {
    const near = touching.filter(({ draft }) => touches(draft, one.path));
    if (near.length > 0) block(near, one);
  }
  if (blocked.size > 0) return blocked;
  // Nothing of the plan touches the file: what it leads to changed. Who did it is found by halves.
  const [one] = found;
  if (one !== undefined) block(await whoDoes(one, touching, drafts, ask), one);
  return blocked;
}

/** What comes after each other stays together. Where no half does it alone, all of it may be needed. */
async function whoDoes(
  what: Unplanned,
  touching: readonly DraftOf[],
  drafts: readonly DraftOf[],
  ask: (some: readonly DraftOf[]) => Promise<readonly Unplanned[]>,
): Promise<readonly DraftOf[]> {
  const others = drafts.filter((one) => !touching.includes(one));
  let groups = together(touching);
  while (groups.length > 1) {
    const half = Math.ceil(groups.length / 2);
    const halves = [groups.slice(0, half), groups.slice(half)];
    let guilty: (typeof halves)[number] | undefined;
    for (const some of halves) {
      const found = await ask(drafts.filter((one) => others.includes(one) || some.flat().includes(one)));
      if (found.some((one) => one.path === what.path && one.what === what.what)) guilty = some;
      if (guilty !== undefined) break;
    }
    if (guilty === undefined) break;
    groups = guilty;
  }
  return groups.flat();
}

/** Actions that come after each other, and those that write one file. */
function together(drafts: readonly DraftOf[]): readonly (readonly DraftOf[])[] {
  let groups: DraftOf[][] = [];
  for (const one of drafts) {
    const belongs = (other: DraftOf): boolean =>
      one.action.after.includes(other.action.id) ||
      other.action.after.includes(one.action.id) ||
      one.action.subject === other.action.subject;
    const own = groups.filter((group) => group.some(belongs));
    groups = [...groups.filter((group) => !own.includes(group)), [...own.flat(), one]];
  }
  return groups;
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
