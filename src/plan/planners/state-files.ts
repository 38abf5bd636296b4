/**
 * Heaps of generated state files (trap X5): all but the newest go to the vault, with what git could not bring back. Where code works in
 * the folder, somebody must say whether it still reads the old ones.
 */
import { count, day } from '../../audit/wording.ts';
import type { FileFamily } from '../../stores/model.ts';
import { matching } from '../compile/members.ts';
import type { Action, Decision } from '../model.ts';
import { listsFolders, type Mention, mentionsOf } from './mentions.ts';
import { type Planning, type Proposal, propose, slug } from './planner.ts';

export function stateFiles(on: Planning): Proposal {
  if (!on.audit.findings.some(({ code }) => code === 'state-residue')) return { actions: [], decisions: [], left: [] };
  const found = on.audit.families.map((family) => ofFamily(family, on));
  return {
    actions: found.flatMap(({ actions }) => actions),
    decisions: found.flatMap(({ decisions }) => decisions),
    left: found.flatMap(({ left }) => left),
  };
}

function ofFamily(family: FileFamily, on: Planning): Proposal {
  const folder = family.folder === '.' ? '' : family.folder;
  const subject = folder === '' ? family.pattern : `${folder}/${family.pattern}`;
  const files = matching(subject, on.paths).filter((path) => !on.going.has(path));
  if (files.length < 2)
    return { actions: [], decisions: [], left: [{ path: subject, why: 'files of one shape in several folders' }] };
  const stays = newestOf(files, on);
  const mentions = folder === '' ? [] : folderMentions(folder, family.pattern, on);
  const id = `files-of-${slug(folder === '' ? family.pattern : (folder.split('/').at(-1) ?? folder))}`;
  const untracked = family.files - family.tracked;
  const going = files.length - stays.length;
  const archive = propose('archive', subject, {
    to: null,
    except: stays,
    files: going,
    reason: `${count(going, 'state file')} of one shape, ${day(family.oldest)} to ${day(family.newest)}; the newest stays`,
    finding: 'state-residue',
    needs: mentions.length === 0 ? [] : [{ decision: id, choices: ['archive'] }],
    risk: 'medium',
    risks: [
      ...(untracked > 0
        ? [`git could not bring back ${untracked.toLocaleString('en-US')} of them; the vault can`]
        : []),
      ...mentions.slice(0, 1).map(({ path, line }) => `${path}:${line} works in this folder`),
    ],
  });
  const decisions = mentions.length === 0 ? [] : [question(id, subject, going, stays, mentions, on)];
  return { actions: [archive, ...ignored(subject, files, on)], decisions, left: [] };
}

/** By time and by name: programs that want the last one go by either. */
function newestOf(files: readonly string[], on: Planning): readonly string[] {
  const time = (path: string): bigint => {
    const state = on.stateOf(path);
    return state.kind === 'file' ? BigInt(state.mtime ?? 0) : 0n;
  };
  const newest = [...files].sort((x, y) => (time(x) < time(y) ? 1 : time(x) > time(y) ? -1 : x < y ? 1 : -1))[0];
  const last = [...files].sort().at(-1);
  return [...new Set([newest, last].filter((path) => path !== undefined))].sort();
}

/** Where code names the folder or the beginning of the files' names. */
function folderMentions(folder: string, pattern: string, on: Planning): readonly Mention[] {
  const name = folder.slice(folder.lastIndexOf('/') + 1);
  const stem = pattern.slice(0, Math.max(0, pattern.indexOf('*')));
  const found = [...mentionsOf(name, on), ...(stem.length > 2 ? mentionsOf(stem.replace(/[-_.]$/, ''), on) : [])];
  const unique = new Map(found.filter(({ prose }) => !prose).map((one) => [`${one.path}:${one.line}`, one]));
  return [...unique.values()];
}

function question(
  id: string,
  subject: string,
  going: number,
  stays: readonly string[],
  mentions: readonly Mention[],
  on: Planning,
): Decision {
  const lists = [...new Set(mentions.map(({ path }) => path))].flatMap((path) =>
    listsFolders(path, on).map((one) => ({ path, ...one })),
  );
  const places = [
    ...lists.map(({ path, line, text }) => `${path}:${line} ${text}`),
    ...mentions.map(({ path, line }) => `${path}:${line}`),
  ];
  return {
    id,
    question: `Code works in the folder of ${subject}. Does anything still need the ${count(going, 'older file')}?`,
    evidence: [...new Set(places)].slice(0, 4),
    choices: {
      archive: `${count(going, 'file')} go to the vault; ${stays.join(' and ')} ${stays.length === 1 ? 'stays' : 'stay'}`,
      leave: 'nothing changes; the heap grows on',
    },
    proposal: null,
    chosen: null,
  };
}

/** The next ones should not be committed by `git add .`. */
function ignored(subject: string, files: readonly string[], { git }: Planning): readonly Action[] {
  const [first] = files;
  if (git === null || first === undefined || files.some((path) => git.ignores(path))) return [];
  const rule = subject.startsWith('/') ? subject : `/${subject}`;
  return [
    propose('ignore', rule, {
      file: '.gitignore',
      reason: `state files ${subject} are made by a program`,
      finding: 'state-residue',
    }),
  ];
}
