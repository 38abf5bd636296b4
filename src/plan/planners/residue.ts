/** What was left behind and holds nothing: empty stores (trap S4) and files that a build made of sources that are gone (trap C10). */
import { count } from '../../audit/wording.ts';
import type { Action, Left } from '../model.ts';
import { neededBy, type Planning, type Proposal, propose } from './planner.ts';

export function residue(on: Planning): Proposal {
  const found = [...emptyStores(on), ...compiled(on)];
  return { actions: found.flatMap(({ actions }) => actions), decisions: [], left: found.flatMap(({ left }) => left) };
}

type Part = { readonly actions: readonly Action[]; readonly left: readonly Left[] };

function emptyStores(on: Planning): readonly Part[] {
  return on.audit.findings
    .filter(({ code }) => code === 'empty-residue')
    .flatMap(({ severity, at, stores = [] }) =>
      at.map(({ path }): Part => {
        // Something that was not always empty is a question of where its rows went.
        if (severity === 'high') {
          const backup = stores.find((id) => id !== path) ?? 'a backup';
          return {
            actions: [],
            left: [{ path, why: `empty, while ${backup} holds rows; find out first where they went` }],
          };
        }
        const [reader] = neededBy(path, on);
        if (reader !== undefined) {
          const line = reader.line === undefined ? '' : `:${reader.line}`;
          return {
            actions: [],
            left: [{ path, why: `empty, and ${reader.path}${line} would make it again; correct that path first` }],
          };
        }
        const bytes = on.audit.stores.find((store) => store.path === path)?.bytes ?? 0;
        const what = bytes === 0 ? '0 bytes' : 'a store without a table';
        return {
          actions: [
            propose('remove', path, { because: null, reason: `${what}; nothing names it`, finding: 'empty-residue' }),
          ],
          left: [],
        };
      }),
    );
}

function compiled(on: Planning): readonly Part[] {
  return on.audit.findings
    .filter(({ code, confidence }) => code === 'compiled-residue' && confidence !== 'possible')
    .flatMap(({ at }) => {
      const files = at
        .map(({ path }) => path)
        .filter((path) => neededBy(path, on).length === 0)
        .sort();
      const [first] = files;
      if (first === undefined) return [];
      const folder = first.slice(0, Math.max(0, first.lastIndexOf('/')));
      const reason = `${count(files.length, 'file')} that a build left; nothing loads ${files.length === 1 ? 'it' : 'them'}`;
      const own = { to: null, reason, finding: 'compiled-residue' };
      const actions =
        files.length === 1 || folder === ''
          ? files.map((path) => propose('archive', path, own))
          : [
              propose('archive', folder, {
                ...own,
                id: `archive-compiled-${folder.replace(/[^a-z0-9]+/gi, '-').toLowerCase()}`,
                files,
              }),
            ];
      return [{ actions, left: [] }];
    });
}
