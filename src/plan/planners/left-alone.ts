/** Stores that nothing is proposed for whatever else was found: what could not be read, what belongs to other programs, and what was named and is not there. */
import { matching } from '../compile/members.ts';
import type { Planning, Proposal } from './planner.ts';

export function leftAlone(on: Planning): Proposal {
  const left = on.audit.stores.flatMap(({ path, status, reason, foreign }) => {
    if (foreign !== undefined) return [{ path, why: `belongs to ${foreign.program}` }];
    if (status !== 'not-verified') return [];
    return [{ path, why: `not verified (${(reason?.message ?? 'it could not be read').replace(/: /g, ', ')})` }];
  });
  return { actions: [], decisions: [], left: [...left, ...meantNothing(on)] };
}

/** A slip in what was asked for would otherwise be silent. */
function meantNothing({ target, keep, paths, stateOf }: Planning): Proposal['left'] {
  const names = keep.filter((pattern) => matching(pattern, paths).length === 0 && stateOf(pattern).kind === 'absent');
  return [
    ...(target !== undefined && stateOf(target).kind === 'absent'
      ? [{ path: target, why: 'is to be the target, and is not there' }]
      : []),
    ...names.map((path) => ({ path, why: 'is to be kept, and nothing here has that name' })),
  ];
}
