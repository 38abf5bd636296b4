import { describe, expect, it } from 'vitest';
import type { VariableSite } from '../../src/audit/code-model.ts';
import { configScatter } from '../../src/audit/detectors/config-scatter.ts';
import { binding } from '../builders/bindings.ts';
import { facts, NO_CODE } from '../builders/facts.ts';

const read = (path: string, value: string | null, name = 'DATA_DIR'): VariableSite => ({
  name,
  path,
  line: 3,
  kind: 'read',
  value,
  where: 'code',
});
const set = (path: string, value: string, name = 'DATABASE_URL'): VariableSite => ({
  name,
  path,
  line: 1,
  kind: 'set',
  value,
  where: path,
});
const found = (
  variables: readonly VariableSite[],
  bindings = [binding('src/a.py', 3, 'hub.db', { assumes: ['DATA_DIR is set nowhere'] })],
) => configScatter.detect(facts([], [], { code: { ...NO_CODE, variables, bindings } }));

describe('config-scatter', () => {
  it('C16: one variable, nine places, two defaults', () => {
    const places = Array.from({ length: 9 }, (_, n) => read(`src/m${n}.py`, n < 6 ? 'data' : '/var/lib/kiosk'));
    const [one, ...more] = found(places);
    expect(more).toEqual([]);
    expect(one).toMatchObject({
      severity: 'medium',
      confidence: 'proven',
      message: 'DATA_DIR is read in 9 places with 2 different defaults.',
    });
    expect(one?.at).toHaveLength(9);
    expect(one?.evidence.join('\n')).toMatch(/data: .*\n\/var\/lib\/kiosk: src\/m6\.py:3/);
  });

  it('C16: the same default, a single module, no default, secrets, tests and PORT are no scatter', () => {
    expect(found([read('a.py', 'data'), read('b.py', './data')])).toEqual([]);
    expect(found([read('a.py', 'x'), { ...read('a.py', 'y'), line: 9 }])).toEqual([]);
    expect(found([read('a.py', null), read('b.py', 'data')])).toEqual([]);
    expect(found([read('a.py', '***'), read('b.py', 'data')])).toEqual([]);
    expect(found([read('a.py', 'x'), read('tests/test_b.py', 'y')])).toEqual([]);
    expect(found([read('a.py', '3000', 'PORT'), read('b.py', '8000', 'PORT')])).toEqual([]);
  });

  it('C16: what a program shows where there is no value is no default', () => {
    expect(found([read('a.py', 'data'), read('debug.py', 'NOT SET')])).toEqual([]);
    expect(found([read('a.py', 'data'), read('debug.py', '❌ UNDEFINED')])).toEqual([]);
    expect(found([read('a.py', 'data'), read('debug.py', 'YOUR_FOLDER')])).toEqual([]);
    expect(found([read('a.py', 'data'), read('debug.py', 'unsettled')])).toHaveLength(1);
  });

  it('C16: programs that stand apart may differ', () => {
    expect(found([read('services/a/x.py', 'x'), read('services/b/x.py', 'y')])).toMatchObject([
      { severity: 'low', confidence: 'possible' },
    ]);
  });

  it('C16: files of settings that contradict each other, but not those of two environments', () => {
    const used = read('src/a.py', null, 'DATABASE_URL');
    expect(found([used, set('.env', 'sqlite:///a.db'), set('docker-compose.yml', 'sqlite:///b.db')])).toMatchObject([
      { severity: 'low', confidence: 'possible' },
    ]);
    expect(found([used, set('.env', 'sqlite:///a.db'), set('.env.production', 'sqlite:///b.db')])).toEqual([]);
    expect(found([set('.env', 'sqlite:///a.db'), set('docker-compose.yml', 'sqlite:///b.db')])).toEqual([]);
  });
});
