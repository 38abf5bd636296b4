import { describe, expect, it } from 'vitest';
import { foreignStore } from '../../src/audit/detectors/foreign-store.ts';
import { detectAll } from '../../src/audit/detectors/index.ts';
import { compared, facts, related, store, table } from '../builders/facts.ts';

const foreign = { program: 'Home Assistant', evidence: 'tables recorder_runs, states_meta' };

describe('foreign-store', () => {
  it('S12: names the program once for all its stores', () => {
    const found = foreignStore.detect(
      facts([store('ha/a.db', [table('states', 9)], { foreign }), store('ha/b.db', [], { foreign })]),
    );
    expect(found).toMatchObject([
      { severity: 'low', message: 'ha/a.db and ha/b.db belong to Home Assistant and are left alone.' },
    ]);
  });

  it('S12: leaves it out of every other story, and says nothing of a fixture', () => {
    const a = store('ha/a.db', [table('states', 9)], { foreign });
    const b = store('b.db', [table('states', 12)]);
    const given = facts(
      [a, b, store('test/f.db', [], { foreign, role: 'fixture' })],
      [related(a, b, compared(a, b, 'states', { same: 5 }))],
    );
    expect(detectAll(given, []).map(({ code }) => code)).toEqual(['foreign-store']);
  });
});
