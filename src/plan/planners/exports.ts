/**
 * Exports. One that `desprawl.yaml` declares is made anew where it does not say what its table says. Of the others, one that is poorer than its
 * table and that nothing reads goes to the vault; one with rows of its own (trap X1) or a reader (trap X3) stays; people outside the
 * project may read any of them.
 */
import { exportMatches } from '../../audit/export-matches.ts';
import { keptExports } from '../../exports/kept-at.ts';
import { makesItAnew } from '../compile/readers.ts';
import type { Action, Left } from '../model.ts';
import { declarationFor } from './declaration.ts';
import { mergeInto } from './merges.ts';
import { neededBy, type Planning, type Proposal, propose } from './planner.ts';

export function exportFiles(on: Planning): Proposal {
  const { findings, stores, code } = on.audit;
  const declared = declaredExports(on);
  const known = new Set(keptExports(on.config.exports).map(({ path }) => path));
  const orphans = new Set<string>();
  const left: Left[] = [];
  for (const { code: found, at, message } of findings) {
    if (found !== 'orphan-export') continue;
    for (const { path } of at) {
      orphans.add(path);
      if (!known.has(path))
        left.push({ path, why: /holds (.*?): do not delete/.exec(message)?.[1] ?? 'rows that no table has' });
    }
  }
  const matches = exportMatches(on.audit);
  const actions: Action[] = [];
  for (const { code: found, at, message } of findings) {
    if (found !== 'stale-export') continue;
    for (const { path } of at) {
      const store = stores.find((one) => one.path === path);
      if (store === undefined || orphans.has(path) || known.has(path) || on.going.has(path)) continue;
      const [reader] = neededBy(path, on);
      const declaration = declarationFor(path, matches);
      const instead =
        declaration === null ? [] : [`a plan makes it anew if desprawl.yaml says, at \`exports:\`: ${declaration}`];
      if (reader !== undefined || store.role !== 'export') {
        const who =
          reader === undefined
            ? 'nothing calls it an export'
            : `${reader.path}${reader.line === undefined ? '' : `:${reader.line}`} ${reader.what}`;
        left.push({ path, why: ['poorer than its table', who, ...instead].join('; ') });
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
            ...instead,
          ],
        }),
      );
    }
  }
  return { actions: [...declared, ...actions], decisions: [], left };
}

/** Whether one differs at all is found out by compiling it. */
function declaredExports(on: Planning): readonly Action[] {
  return keptExports(on.config.exports).flatMap(({ name, path, spec }): readonly Action[] => {
    if (on.stateOf(path).kind !== 'file') return [];
    const found = on.audit.findings.find(
      ({ code, at }) => (code === 'stale-export' || code === 'orphan-export') && at.some((one) => one.path === path),
    );
    const merge = mergeInto(spec.store, on);
    const [reader] = neededBy(path, on);
    const of = 'table' in spec.from ? `${spec.from.table} of ${spec.store}` : `a query of ${spec.store}`;
    return [
      propose('export', path, {
        after: merge === null ? [] : [merge],
        reason: `the export ${name} does not say what ${of} says${merge === null ? '' : ' after the merge'}`,
        finding: found?.code ?? null,
        risk: 'medium',
        risks: [
          reader === undefined
            ? 'people outside this project may read it as it is'
            : `${reader.path}${reader.line === undefined ? '' : `:${reader.line}`} ${reader.what}`,
        ],
      }),
    ];
  });
}
