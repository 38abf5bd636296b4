/**
 * Exports: one that is poorer than its table and that nothing reads goes to the vault. One with rows of its own (trap X1) or a reader
 * (trap X3) stays; people outside the project may read any of them.
 */

import { makesItAnew } from '../compile/readers.ts';
import type { Action, Left } from '../model.ts';
import { neededBy, type Planning, type Proposal, propose } from './planner.ts';

export function exportFiles(on: Planning): Proposal {
  const { findings, stores, code } = on.audit;
  const orphans = new Set<string>();
  const left: Left[] = [];
  for (const { code: found, at, message } of findings) {
    if (found !== 'orphan-export') continue;
    for (const { path } of at) {
      orphans.add(path);
      left.push({ path, why: /holds (.*?): do not delete/.exec(message)?.[1] ?? 'rows that no table has' });
    }
  }
  const actions: Action[] = [];
  for (const { code: found, at, message } of findings) {
    if (found !== 'stale-export') continue;
    for (const { path } of at) {
      const store = stores.find((one) => one.path === path);
      if (store === undefined || orphans.has(path) || on.going.has(path)) continue;
      const [reader] = neededBy(path, on);
      if (reader !== undefined || store.role !== 'export') {
        const who =
          reader === undefined
            ? 'nothing calls it an export'
            : `${reader.path}${reader.line === undefined ? '' : `:${reader.line}`} ${reader.what}`;
        left.push({ path, why: `poorer than its table; ${who}` });
        continue;
      }
      const makers = code.bindings.filter((one) => one.store === path && makesItAnew(one, store.kind));
      actions.push(
        propose('archive', path, {
          to: null,
          reason: `${message.slice(store.id.length + 1).replace(/\.$/, '')}; nothing reads it`,
          finding: 'stale-export',
          risk: 'medium',
          risks: [
            'people outside this project may read it',
            ...makers.slice(0, 1).map(({ path: maker, line }) => `${maker}:${line} makes it anew when it is run`),
          ],
        }),
      );
    }
  }
  return { actions, decisions: [], left };
}
