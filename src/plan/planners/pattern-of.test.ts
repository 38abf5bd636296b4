import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { matching } from '../compile/members.ts';
import { patternOf } from './pattern-of.ts';

const days = (from: number, to: number): readonly string[] =>
  Array.from({ length: to - from + 1 }, (_, i) => `b/hub-2025-10-${String(from + i).padStart(2, '0')}.db`);

describe('the pattern of some files', () => {
  it('cuts no date in two, and names what stays', () => {
    expect(patternOf(days(1, 12), [...days(1, 13), 'b/other.db'])).toEqual({
      subject: 'b/hub-*.db',
      except: ['b/hub-2025-10-13.db'],
    });
    expect(patternOf(['s/scene_0001.json', 's/scene_0002.json'], ['s/scene_0001.json', 's/scene_0002.json'])).toEqual({
      subject: 's/scene_*.json',
      except: [],
    });
  });

  it('is none where a list is shorter, folders differ, or names are patterns themselves', () => {
    expect(patternOf(['b/1.db'], ['b/1.db'])).toBeNull();
    expect(patternOf(['a/1.db', 'b/1.db'], ['a/1.db', 'b/1.db'])).toBeNull();
    expect(patternOf(['b/[1].db', 'b/[2].db'], ['b/[1].db', 'b/[2].db'])).toBeNull();
    expect(patternOf(days(1, 3), days(1, 28))).toBeNull();
  });

  it('X: with its exceptions it means exactly these files', () => {
    const name = fc.stringMatching(/^[a-z]{0,3}[-_]?[0-9]{1,3}\.(?:db|json)$/);
    fc.assert(
      fc.property(
        fc.uniqueArray(name, { minLength: 1, maxLength: 20 }),
        fc.constantFrom('', 'b/', 'a/b/'),
        fc.nat(20),
        (names, folder, n) => {
          const all = names.map((one) => `${folder}${one}`);
          const going = all.slice(0, n + 1);
          const found = patternOf(going, [...all, 'x/b/1.db', 'zzz']);
          if (found === null) return;
          const meant = matching(found.subject, [...all, 'x/b/1.db', 'zzz']).filter(
            (path) => !found.except.includes(path),
          );
          expect([...meant].sort()).toEqual([...going].sort());
        },
      ),
    );
  });
});
