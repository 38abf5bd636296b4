/** Stores that nothing is proposed for whatever else was found: what could not be read, and what belongs to other programs. */
import type { Planning, Proposal } from './planner.ts';

export function leftAlone(on: Planning): Proposal {
  const left = on.audit.stores.flatMap(({ path, status, reason, foreign }) => {
    if (foreign !== undefined) return [{ path, why: `belongs to ${foreign.program}` }];
    if (status !== 'not-verified') return [];
    return [{ path, why: `not verified (${(reason?.message ?? 'it could not be read').replace(/: /g, ', ')})` }];
  });
  return { actions: [], decisions: [], left };
}
