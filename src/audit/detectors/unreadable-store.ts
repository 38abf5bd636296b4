/**
 * Everything that could not be read or compared (trap S14), said once per reason. Concludes nothing from it. Long for the
 * table of reasons, which has to name a way out of each.
 */
import type { Store, UnreadableReason } from '../../stores/model.ts';
import { groupBy } from '../group-by.ts';
import type { Detector, Facts, Severity } from '../model.ts';
import { count, list, size } from '../wording.ts';
import { type Draft, diffCommand } from './finding.ts';

interface Reason {
  readonly severity: Severity;
  readonly is: string;
  readonly consequence: string;
  readonly action: string;
}

const REASONS: Readonly<Record<UnreadableReason, Reason>> = {
  corrupt: {
    severity: 'critical',
    is: 'damaged',
    consequence: 'Rows may already be lost, and each write to a damaged file can lose more.',
    action:
      'Stop what writes to it, copy the file as it is, then recover the rows (sqlite3 FILE .recover) or restore a backup.',
  },
  truncated: {
    severity: 'critical',
    is: 'cut off',
    consequence: 'The end of the file is missing, and the rows in it with it.',
    action: 'Stop what writes to it, copy the file as it is, and look for a backup that is whole.',
  },
  encrypted: {
    severity: 'medium',
    is: 'encrypted (or no database at all)',
    consequence: 'What it holds is unknown to this audit: it may be a copy, a rival or the only place of its rows.',
    action:
      'Nothing, if it is meant to be encrypted; give it a role under stores: in desprawl.yaml so that others know.',
  },
  permission: {
    severity: 'medium',
    is: 'closed to this user',
    consequence: 'What it holds is unknown to this audit: it may be a copy, a rival or the only place of its rows.',
    action: 'Run the audit as a user who may read it, or give this one read permission.',
  },
  'lfs-pointer': {
    severity: 'medium',
    is: 'a Git LFS pointer, not the content',
    consequence: 'Programs that open it here fail, and what it holds is unknown to this audit.',
    action: 'Run git lfs pull and audit again.',
  },
  'missing-content': {
    severity: 'medium',
    is: 'without content in this checkout',
    consequence: 'Programs that open it here fail, and what it holds is unknown to this audit.',
    action: 'Fetch the content (a partial or sparse clone leaves it out) and audit again.',
  },
  changing: {
    severity: 'medium',
    is: 'being written all the time',
    consequence: 'No consistent state could be read; what it holds is unknown to this audit.',
    action: 'Pause its writer for a moment and audit again.',
  },
  timeout: {
    severity: 'medium',
    is: 'too slow to read',
    consequence: 'What it holds is unknown to this audit: a view or a very large table took longer than allowed.',
    action: 'Audit again with a longer audit.timeout in desprawl.yaml.',
  },
  memory: {
    severity: 'medium',
    is: 'too large to read in the memory allowed',
    consequence: 'What it holds is unknown to this audit.',
    action:
      'Look for single values or records of an enormous size in it; leave it out with ignore: in desprawl.yaml if it is no store.',
  },
  'no-space': {
    severity: 'medium',
    is: 'in use, and there was no room for a private copy',
    consequence: 'What it holds is unknown to this audit.',
    action: 'Free space in the temporary folder or set TMPDIR to one with room, and audit again.',
  },
  unsupported: {
    severity: 'low',
    is: 'of a form that desprawl does not read',
    consequence: 'What it holds is unknown to this audit.',
    action: 'If it holds rows that matter, convert a copy of it; else leave it out with ignore: in desprawl.yaml.',
  },
  vanished: {
    severity: 'low',
    is: 'gone since the audit began',
    consequence: 'It was removed or renamed meanwhile; nothing is known about it.',
    action: 'Audit again.',
  },
  'not-utf8': {
    severity: 'low',
    is: 'text in an unknown encoding',
    consequence: 'Its rows cannot be compared, so it is not known whether they are elsewhere.',
    action: 'Find out the encoding and convert a copy to UTF-8.',
  },
  error: {
    severity: 'high',
    is: 'not readable: the disk or the driver reported an error',
    consequence: 'What it holds is unknown to this audit, and the medium may be failing.',
    action: 'Copy the file to another disk and audit again; check the disk if that fails too.',
  },
};

/** A text store that breaks its own form. */
const MALFORMED: Reason = {
  severity: 'low',
  is: 'not of the form that its beginning has',
  consequence: 'Whoever reads it stops at that line, or reads cells into the wrong columns.',
  action: 'Look at the line named; write the file again with the program that made it.',
};

const RANK: readonly Severity[] = ['critical', 'high', 'medium', 'low'];
/** Losing a backup or a fixture hurts less than losing what is in use, and a text file is not damaged by one line that breaks its form. */
const LESSER = 'medium';

export const unreadableStore: Detector = {
  doc: {
    code: 'unreadable-store',
    title: 'A store could not be verified',
    severity: 'critical',
    when: 'A store, a folder or a comparison could not be read: damage, truncation, encryption, permissions, a Git LFS pointer, a running writer, a limit of time or memory. Files of one folder with one reason are one finding. The severity follows the reason; damaged databases in use are critical.',
    why: 'Nothing is concluded from what was not read: it may be a copy, a rival or the only place of its rows. Not verified never means empty.',
    fix: 'Each finding names its reason and the way out. Then audit again.',
    not: 'Stores that read well and fail only a check of their rows (see corrupt-store), empty files (see empty-residue).',
  },
  detect(facts) {
    const stores = facts.stores.filter(({ status }) => status === 'not-verified');
    const groups = groupBy(stores, ({ path, kind, reason, role }) =>
      [reason?.code ?? 'error', kind === 'sqlite', role === 'live', path.split('/').slice(0, -1).join('/')].join('\n'),
    );
    return [...[...groups.values()].map(describe), ...folders(facts), ...pairs(facts)];
  },
};

function describe(stores: readonly Store[]): Draft {
  const first = stores[0];
  const text = first?.kind === 'csv' || first?.kind === 'json' || first?.kind === 'jsonl';
  const code = first?.reason?.code ?? 'error';
  const { severity, is, consequence, action } = text && code === 'corrupt' ? MALFORMED : REASONS[code];
  const lesser = first?.role !== 'live' && RANK.indexOf(severity) < RANK.indexOf(LESSER);
  const ids = stores.map(({ id }) => id);
  return {
    severity: lesser ? LESSER : severity,
    confidence: 'proven',
    message: `${list(ids)} ${ids.length === 1 ? 'is' : 'are'} not verified: ${is}.`,
    at: stores.map(({ path }) => ({ path })),
    stores: ids,
    evidence: stores
      .slice(0, 8)
      .flatMap(({ id, reason, bytes, tables }) => [
        `${id}: ${reason?.message ?? 'no reason given'}, ${size(bytes)}`,
        ...(tables.length > 0
          ? [`${id}: ${count(tables.length, 'table')} could be listed; their counts are not relied on`]
          : []),
      ]),
    consequence: `${consequence} Nothing is concluded about ${ids.length === 1 ? 'it' : 'them'}.`,
    action,
  };
}

function folders({ project }: Facts): readonly Draft[] {
  if (project.unreadable.length === 0) return [];
  const paths = project.unreadable.map(({ path }) => path);
  return [
    {
      severity: 'medium',
      confidence: 'proven',
      message: `${list(paths)} could not be listed or read: stores in there are not part of this audit.`,
      at: paths.map((path) => ({ path })),
      evidence: project.unreadable.slice(0, 8).map(({ path, why }) => `${path}: ${why}`),
      consequence:
        'A store in there may be a copy, a rival or the only place of its rows. Nothing is concluded about it.',
      action: 'Run the audit as a user who may read these paths, or leave them out with ignore: in desprawl.yaml.',
    },
  ];
}

/** Both stores were read and the comparison was not finished. */
function pairs({ notCompared }: Facts): readonly Draft[] {
  if (notCompared.length === 0) return [];
  const stores = [...new Set(notCompared.flatMap(({ a, b }) => [a, b]))].sort();
  return [
    {
      severity: 'medium',
      confidence: 'proven',
      message: `${count(notCompared.length, 'pair')} of stores could not be compared (${list(stores)}).`,
      at: stores.map((path) => ({ path })),
      stores,
      evidence: notCompared.slice(0, 8).map(({ a, b, why }) => `${a} and ${b}: ${why}`),
      consequence:
        'Whether one of them repeats or contradicts the other is not known. Nothing is concluded about these pairs.',
      action: 'Compare one pair alone.',
      ...diffCommand(notCompared[0]?.a, notCompared[0]?.b),
    },
  ];
}
