import { describe, expect, it } from 'vitest';
import { nearCopy } from '../../src/audit/detectors/near-copy.ts';
import { facts } from '../builders/facts.ts';
import { readCode } from '../builders/read-code.ts';

/** `n` functions of their own, which say different things. */
const module = (n: number, about: string): string =>
  Array.from(
    { length: n },
    (_, i) =>
      `def ${about}_${i}(rows, limit=${i + 3}):\n    kept = [row for row in rows if row["${about}_${i}"] > limit]\n    return {"kept": len(kept), "${about}": sum(row["size_${i}"] for row in kept) / max(1, ${i + 1})}\n`,
  ).join('\n');
const SHARED = module(14, 'meter');

const detect = async (texts: Readonly<Record<string, string>>) =>
  nearCopy.detect(facts([], [], { code: await readCode(texts) }));

describe('near-copy', () => {
  it('C6: names what only one of two drifted copies has', async () => {
    const found = await detect({
      'core/meters.py': SHARED,
      'services/energy.py': `${SHARED}\ndef close_period(rows):\n    return [row for row in rows if row["closed"]]\n`,
      'app.py': 'from core.meters import meter_1\nfrom services.energy import close_period\n',
    });
    expect(found).toMatchObject([
      { severity: 'medium', confidence: 'likely', at: [{ path: 'core/meters.py' }, { path: 'services/energy.py' }] },
    ]);
    expect(found[0]?.message).toMatch(
      /^core\/meters\.py and services\/energy\.py repeat each other \(9\d % in common\)\.$/,
    );
    expect(found[0]?.evidence).toContain('only services/energy.py has close_period');
  });

  it('reports copied folders of equal files once', async () => {
    const names = ['a', 'b', 'c'];
    const texts = Object.fromEntries(
      names.flatMap((name) => [
        [`backend/${name}.py`, module(12, name)],
        [`release/backend/${name}.py`, module(12, name)],
      ]),
    );
    expect(await detect(texts)).toMatchObject([
      { severity: 'low', confidence: 'proven', message: '3 files are the same in the root and release/.' },
    ]);
  });

  it('C5: is silent about files of one name that say other things', async () => {
    expect(await detect({ 'a/database.py': module(14, 'meter'), 'b/database.py': module(14, 'invoice') })).toEqual([]);
  });

  it('is silent about tests, migrations, declarations, vendored code and what was put away', async () => {
    for (const other of [
      'tests/test_meters.py',
      'migrations/meters.py',
      'core/meters.pyi',
      'static/plugins/m.py',
      'archive/meters.py',
    ]) {
      expect(await detect({ 'core/meters.py': SHARED, [other]: SHARED }), other).toEqual([]);
    }
    expect(await detect({ 'core/meters.py': SHARED, 'other/meters.py': SHARED })).toHaveLength(1);
  });
});
