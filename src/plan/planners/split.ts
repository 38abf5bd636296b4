/** One spelling for several stores (trap S5): no edit of that spelling can be right in every way of starting, so that it is people's to change. */
import { list } from '../../audit/wording.ts';
import type { Planning, Proposal } from './planner.ts';

export function split({ audit, merges, stays }: Planning): Proposal {
  // Where they become one, so does the spelling.
  const isMerged = (stores: readonly string[]): boolean =>
    merges.merges.some(({ proposal: { target, sources } }) =>
      stores.every((one) => one === target || (sources.includes(one) && !stays.has(one))),
    );
  const left = audit.findings
    .filter(({ code, stores = [] }) => code === 'split-store' && !isMerged(stores))
    .flatMap(({ at, stores = [] }) =>
      at.map(({ path, line }) => ({
        path,
        ...(line === undefined ? {} : { line }),
        why: `opens ${list(stores)}, by where it is started; give it one path, then plan again`,
      })),
    );
  return { actions: [], decisions: [], left };
}
