import { describe, expect, it } from 'vitest';
import { table } from '../../test/builders/facts.ts';
import { recogniseProgram } from './foreign-programs.ts';
import type { Table } from './model.ts';

const tables = (...names: readonly string[]): readonly Table[] => names.map((name) => table(name, 1));
const MORE = ['a', 'b', 'c', 'd', 'e', 'f', 'g'];

describe('S12: a store of another program', () => {
  it.each<[string, readonly string[], number, string | undefined]>([
    [
      'by all of its tables',
      ['states', 'events', 'recorder_runs', 'schema_changes', 'statistics'],
      0,
      'Home Assistant',
    ],
    ['not by some of them', ['states', 'events', 'recorder_runs'], 0, undefined],
    ['not by names that any program has', ['users', 'events', 'config'], 0, undefined],
    ['by one telling table', ['moz_cookies'], 0, 'Firefox'],
    ['not by one table among many', ['cookies', 'meta', ...MORE], 0, undefined],
    ['by several tables among many', ['moz_places', 'moz_historyvisits', 'moz_bookmarks', ...MORE], 0, 'Firefox'],
    ['by its application id', [], 1_196_444_487, 'a GeoPackage'],
    ['not by an id that nobody registered', ['users'], 7, undefined],
    ['not by names in another case', ['MOZ_COOKIES'], 0, undefined],
    ['not without tables', [], 0, undefined],
  ])('is recognised %s', (_, names, id, program) => {
    expect(recogniseProgram(tables(...names), id)?.program).toBe(program);
  });

  it('with the evidence', () => {
    expect(recogniseProgram(tables('moz_cookies'), 0)?.evidence).toBe('has the tables moz_cookies');
    expect(recogniseProgram([], 1_297_109_078)?.evidence).toBe('application_id 1297109078');
  });
});
