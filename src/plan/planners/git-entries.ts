/**
 * Stores that git keeps and should not, or would keep after the next `git add .` (trap S10). The files stay where they are; that a pull
 * deletes them in other checkouts is asked about before.
 */
import { list } from '../../audit/wording.ts';
import type { Action, Decision, Need } from '../model.ts';
import { type Planning, type Proposal, propose, slug } from './planner.ts';

const UNTRACK = 'untrack';
const NOTE = 'UNTRACKED.md';

export function gitEntries(on: Planning): Proposal {
  const { git, audit } = on;
  if (git === null) return { actions: [], decisions: [], left: [] };
  const actions: Action[] = [];
  const decisions: Decision[] = [];
  const sure: string[] = [];
  /** A line for what git goes on tracking would be without effect: it waits for the same answer. */
  const rule = (path: string, reason: string, finding: string, needs: readonly Need[] = []): readonly string[] => {
    if (git.ignores(path)) return [];
    const ignore = propose('ignore', `/${path}`, { file: '.gitignore', reason, finding, needs });
    if (!actions.some(({ id }) => id === ignore.id)) actions.push(ignore);
    return [ignore.id];
  };
  for (const { code, at, tables = [], message } of audit.findings) {
    if (code !== 'tracked-store' && code !== 'store-with-credentials') continue;
    for (const { path } of at) {
      if (on.going.has(path) || audit.stores.find((store) => store.path === path) === undefined) continue;
      if (git.entryOf(path) === null) {
        if (code === 'store-with-credentials')
          rule(path, 'it holds credentials, and the next git add . would commit it', code);
        continue;
      }
      const hasSecrets = code === 'store-with-credentials' || tables.length > 0;
      const isSure = hasSecrets || git.ignores(path);
      const decision = isSure ? UNTRACK : `untrack-${slug(path)}`;
      if (isSure) sure.push(path);
      else decisions.push(shipped(decision, path));
      const needs = [{ decision, choices: isSure ? ['note'] : ['untrack'] }];
      const isBackup = audit.stores.find((store) => store.path === path)?.role === 'backup';
      const untrack = propose('untrack', path, {
        reason: message.slice(path.length + 1).replace(/\.$/, ''),
        finding: code,
        after: rule(path, isBackup ? `${path} is a backup of data` : `${path} is data in use`, code, needs),
        needs,
        risk: 'high',
        risks: [
          'pulling the commit deletes the file in other checkouts',
          ...(hasSecrets ? ['every version that was committed stays in the history; change the credentials'] : []),
        ],
      });
      if (!actions.some(({ id }) => id === untrack.id)) actions.push(untrack);
    }
  }
  if (sure.length > 0) {
    decisions.unshift(pulled([...new Set(sure)]));
    actions.push(
      propose('write-file', NOTE, {
        content: null,
        template: 'untracked-note',
        reason: 'what to do in other checkouts before the next pull',
        finding: null,
        needs: [{ decision: UNTRACK, choices: ['note'] }],
      }),
    );
  }
  return { actions, decisions, left: [] };
}

function pulled(paths: readonly string[]): Decision {
  const them = paths.length === 1 ? 'it' : 'them';
  return {
    id: UNTRACK,
    question: `Untracking ${list(paths)} makes \`git pull\` delete ${them} in every other checkout. How do they keep theirs?`,
    evidence: [],
    choices: {
      note: `git forgets ${them}, here ${paths.length === 1 ? 'it stays' : 'they stay'}; ${NOTE} says what to do elsewhere before the next pull`,
      leave: `git goes on tracking ${them}`,
    },
    proposal: 'note',
    chosen: null,
  };
}

/** Without a secret and without a rule, nothing tells whether it is meant to be shipped. */
function shipped(id: string, path: string): Decision {
  return {
    id,
    question: `Git tracks ${path}. Is it shipped with the project, or data that programs write to?`,
    evidence: [],
    choices: {
      ship: 'it stays tracked (give it the role fixture in desprawl.yaml)',
      untrack: 'git forgets it; here it stays. Other checkouts must copy it aside before they pull',
    },
    proposal: null,
    chosen: null,
  };
}
