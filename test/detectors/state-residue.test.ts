import { describe, expect, it } from 'vitest';
import { stateResidue } from '../../src/audit/detectors/state-residue.ts';
import { facts } from '../builders/facts.ts';

const family = {
  folder: 'state',
  format: 'json',
  files: 244,
  bytes: 1_300_000,
  oldest: '2024-01-02T00:00:00Z',
  newest: '2025-09-16T00:00:00Z',
  keys: ['device', 'state'],
  pattern: 'run-*.json',
  tracked: 3,
  example: 'state/run-001.json',
} as const;

describe('state-residue', () => {
  it('X5: 244 files of one shape, three of them tracked, are one finding that says what git cannot restore', () => {
    expect(stateResidue.detect(facts([], [], { families: [family] }))).toMatchObject([
      {
        severity: 'medium',
        message: 'state/run-*.json: 244 state files of one shape, 1.3 MB, 3 tracked by git.',
        consequence: 'The heap grows with each run, and git cannot bring back the 241 files that it does not track.',
        evidence: expect.arrayContaining(['file dates 2024-01-02 to 2025-09-16', 'git has 3 of 244']),
      },
    ]);
  });

  it('X5: is low where git has all or none, and claims no loss where it has all', () => {
    const [all, none] = stateResidue.detect(
      facts([], [], {
        families: [
          { ...family, tracked: 244 },
          { ...family, folder: 'b', tracked: 0 },
        ],
      }),
    );
    expect([all?.severity, none?.severity]).toEqual(['low', 'low']);
    expect(all?.consequence).not.toContain('cannot bring back');
    expect(none?.consequence).toContain('244 files');
  });
});
