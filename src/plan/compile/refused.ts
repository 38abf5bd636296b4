/** What no action may do, whatever it was asked for. */
import type { Compiling, Draft, DraftOf } from './draft.ts';
import { matching } from './members.ts';

/** Desprawl's own files say what the project is meant to be; a run that changed them would judge itself (trap C20). */
const OWN = /(?:^|\/)\.?desprawl(?:[-.][\w.-]*)?\.ya?ml$/;

/** `null`: nothing speaks against it. */
export function forbidden({ changes, edits, appends, entries }: Draft, on: Compiling): string | null {
  const touched = [...changes, ...edits, ...appends, ...entries].map(({ path }) => path);
  const own = touched.find((path) => OWN.test(path));
  if (own !== undefined) return `${own} is a file of desprawl's own`;
  const inGit = touched.find((path) => path === '.git' || path.startsWith('.git/'));
  if (inGit !== undefined) return `${inGit} is a file of git's own`;
  for (const pattern of new Set([...on.config.plan.keep, ...(on.plan.policy.keep ?? [])])) {
    const [kept] = matching(pattern, [...new Set(touched)]);
    if (kept !== undefined) return `${kept} is to be kept (keep: ${pattern})`;
  }
  const going = new Set(changes.filter(({ want }) => want.kind === 'absent').map(({ path }) => path));
  for (const { path, foreign, role } of on.audit.stores) {
    if (!going.has(path)) continue;
    if (foreign !== undefined) return `${path} belongs to ${foreign.program}`;
    const declared = on.config.stores[path]?.role;
    if (declared === 'primary' || declared === 'foreign') return `${path} is declared ${declared} in desprawl.yaml`;
    if (role === 'fixture' || declared === 'fixture') return `${path} is a fixture of tests`;
  }
  return null;
}

/** Two copies never prove each other removable: what a removal names as holding the same must stay. Id → why it is blocked. */
export function losesItsProof(drafts: readonly DraftOf[]): ReadonlyMap<string, string> {
  const goneBy = new Map<string, string>();
  for (const { action, draft } of drafts) {
    const moved = new Set(draft.changes.map(({ movedFrom }) => movedFrom));
    for (const { path, want } of draft.changes)
      if (want.kind === 'absent' && !moved.has(path)) goneBy.set(path, action.id);
  }
  const lost = new Map<string, string>();
  for (const { action } of drafts) {
    if (action.kind !== 'remove' || action.because === null) continue;
    const by = goneBy.get(action.because);
    if (by !== undefined) lost.set(action.id, `${action.because}, which is to hold the same, goes by ${by}`);
  }
  return lost;
}
