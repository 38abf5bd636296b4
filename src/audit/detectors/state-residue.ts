/** Heaps of generated state files of one shape (trap X5): one finding per heap, with what git could bring back. */
import type { FileFamily } from '../../stores/model.ts';
import type { Detector } from '../model.ts';
import { count, day, list, size } from '../wording.ts';
import type { Draft } from './finding.ts';

export const stateResidue: Detector = {
  doc: {
    code: 'state-residue',
    title: 'State files pile up',
    severity: 'medium',
    when: 'Many JSON files of one shape lie in one folder tree, named after a pattern. One finding per heap. Medium where some are tracked by git and others are not.',
    why: 'Each run leaves another file; nobody knows which are still read. Those that git does not track cannot be brought back once deleted.',
    fix: 'Find the program that writes them and whether it reads old ones; keep the newest, archive the rest with a list, and let the writer clean up. Ignore the pattern in git.',
    not: 'Manifests and configuration files; folders with a few files; files of different shapes.',
  },
  detect: (facts) => facts.families.map(describe),
};

function describe(family: FileFamily): Draft {
  const { folder, pattern, files, bytes, oldest, newest, keys, tracked, example } = family;
  const untracked = files - tracked;
  const place = folder === '' || folder === '.' ? pattern : `${folder}/${pattern}`;
  return {
    severity: tracked > 0 && untracked > 0 ? 'medium' : 'low',
    confidence: 'likely',
    message: `${place}: ${count(files, 'state file')} of one shape, ${size(bytes)}${tracked > 0 ? `, ${tracked} tracked by git` : ''}.`,
    // The pattern is part of the place: one folder may hold two heaps.
    at: [{ path: place }],
    evidence: [
      `file dates ${day(oldest)} to ${day(newest)}`,
      keys.length > 0 ? `keys in all of them: ${list(keys, 8)}` : 'no keys in common',
      `for instance ${example}`,
      `git has ${tracked} of ${files.toLocaleString('en-US')}`,
    ],
    consequence:
      untracked > 0
        ? `The heap grows with each run, and git cannot bring back the ${count(untracked, 'file')} that it does not track.`
        : 'The heap grows with each run, and each commit carries it along.',
    action:
      untracked > 0
        ? 'Find what writes and reads them; archive before deleting, since git holds no version of the untracked ones.'
        : 'Find what writes and reads them; then stop tracking them and ignore the pattern.',
  };
}
