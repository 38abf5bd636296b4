/** What re-pointing and moving have in common: sites of all kinds put together, what is open answered or in the way, edits that rely on their texts. */
import type { FileState } from '../../disk/path-state.ts';
import type { Reliance } from '../lock-model.ts';
import type { Action } from '../model.ts';
import { joinSites, type OpenSite, type SiteEdit, type Sites } from '../sites/model.ts';
import type { Moves } from '../sites/moves.ts';
import { type OpenCode, openCode } from '../sites/open-code.ts';
import { answered } from '../sites/questions.ts';
import { sweep } from '../sites/sweep.ts';
import type { Compiling, Draft, DraftEdit } from './draft.ts';

const opened = new WeakMap<object, { readonly read: Compiling['read']; readonly open: OpenCode }>();

/** Opened once for all actions of a phase. */
export function codeOf(on: Compiling): OpenCode {
  const known = opened.get(on.audit);
  if (known?.read === on.read) return known.open;
  const open = openCode(on.audit, on.read);
  opened.set(on.audit, { read: on.read, open });
  return open;
}

/** Sites of an action with everything else that names what it changes. Where two kinds edit one place, the earlier one knows it better. */
export function allSites(
  open: OpenCode,
  kinds: readonly Sites[],
  swept: { readonly moves: Moves; readonly only: readonly string[] | null },
): Sites {
  const taken = new Map<string, SiteEdit[]>();
  const own = kinds.map((sites) => {
    const edits = sites.edits.filter(
      ({ path, start, end }) => taken.get(path)?.some((one) => one.start < end && start < one.end) !== true,
    );
    for (const edit of edits) taken.set(edit.path, [...(taken.get(edit.path) ?? []), edit]);
    return { ...sites, edits };
  });
  const known = joinSites(own);
  return joinSites([known, sweep(open, { ...swept, known })]);
}

export type CodeChange = Pick<Draft, 'edits' | 'left' | 'bindings' | 'relies'>;

/** The part of a draft that edits code; or why there is none. */
export function codeChange(action: Action, sites: Sites, on: Compiling): CodeChange | { readonly blocked: string } {
  const { left, open, held } = answered(action.id, sites.open, on.plan);
  if (open.length > 0) return { blocked: inWords(open) };
  const wanted = sites.edits.filter(({ path, line }) => !held.has(`${path}:${line}`));
  const stale = wanted.find((edit) => isStale(edit, on));
  if (stale !== undefined)
    return {
      blocked: `${stale.path}:${stale.line} is changed by an earlier phase: measure again when that is applied`,
    };
  const paths = [...new Set(wanted.map(({ path }) => path))];
  return {
    edits: wanted.map(
      ({ path, start, end, with: by, why, proof }): DraftEdit => ({
        path,
        start,
        end,
        with: by,
        why,
        proof,
        action: action.id,
      }),
    ),
    left: [...sites.left, ...left],
    bindings: sites.bindings,
    relies: paths.flatMap((path): Reliance[] => {
      const state = on.stateOf(path);
      return state.kind === 'file' ? [relyOnText(path, state)] : [];
    }),
  };
}

const relyOnText = (path: string, { sha256 }: FileState): Reliance => ({ on: 'text', path, sha256 });

/** Facts are of the text that the audit read; an earlier phase may have edited or moved it. */
function isStale({ path, start, line }: SiteEdit, on: Compiling): boolean {
  if (on.stateOf(path).kind !== 'file') return true;
  const text = codeOf(on).source(path)?.text ?? '';
  const from = text.lastIndexOf('\n', start - 1) + 1;
  const end = text.indexOf('\n', start);
  const now = text.slice(from, end < 0 ? text.length : end).trim();
  const then = on.audit.code.lineOf(path, line);
  return then !== '' && now.replace(/^\ufeff/, '') !== then.replace(/^\ufeff/, '');
}

function inWords(open: readonly OpenSite[]): string {
  const shown = open.slice(0, 3).map(({ path, line, why }) => `${path}:${line}: ${why}`);
  const more = open.length - shown.length;
  return `${shown.join('; ')}${more > 0 ? `; ${more} more` : ''}`;
}
