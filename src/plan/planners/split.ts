/** One spelling for several stores (trap S5): no edit of that spelling can be right in every way of starting, so that it is people's to change. */
import { list } from '../../audit/wording.ts';
import type { Planning, Proposal } from './planner.ts';

export function split({ audit }: Planning): Proposal {
  const left = audit.findings
    .filter(({ code }) => code === 'split-store')
    .flatMap(({ at, stores = [] }) =>
      at.map(({ path, line }) => ({
        path,
        ...(line === undefined ? {} : { line }),
        why: `opens ${list(stores)}, by where it is started; give it one path, then plan again`,
      })),
    );
  return { actions: [], decisions: [], left };
}
