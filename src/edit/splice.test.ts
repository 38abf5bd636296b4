import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { unifiedPatch } from './patch.ts';
import { readSource } from './source-text.ts';
import { type Edit, splice } from './splice.ts';

const edit = (start: number, end: number, by: string, action = 'a'): Edit => ({
  start,
  end,
  with: by,
  why: 'test',
  action,
});

describe('splice', () => {
  test('edits count in the text as it was, in any order', () => {
    expect(splice('one two three', [edit(8, 13, '3'), edit(0, 3, '1')])).toBe('1 two 3');
  });

  test('what two actions want alike stands once', () => {
    expect(splice('one two', [edit(0, 3, '1', 'a'), edit(0, 3, '1', 'b')])).toBe('1 two');
  });

  test('overlapping edits name both actions', () => {
    expect(() => splice('one two', [edit(0, 5, '1', 'move-a'), edit(4, 7, '2', 'repoint-b')], 'x.py')).toThrow(
      /move-a and repoint-b both edit x\.py/,
    );
    expect(() => splice('one two', [edit(3, 3, '1', 'a'), edit(3, 3, '2', 'b')])).toThrow(/both edit/);
  });

  test('neighbours do not overlap', () => {
    expect(splice('ab', [edit(0, 1, 'x'), edit(1, 2, 'y'), edit(1, 1, '-')])).toBe('x-y');
  });
});

const piece = fc.constantFrom(
  'a',
  'é',
  '😀',
  '\r\n',
  '\n',
  '\r',
  '\t',
  '"',
  "'",
  '`',
  ' ',
  'data/auth.db',
  '#',
  '\\',
  'ß',
);
const someText = fc.array(piece, { maxLength: 60 }).map((parts) => parts.join(''));
/** Edits that do not overlap, none within a pair of units. */
const someEdits = (text: string): fc.Arbitrary<readonly Edit[]> => {
  const places = [0];
  for (const unit of text) places.push((places.at(-1) as number) + unit.length);
  return fc
    .array(fc.tuple(fc.nat(places.length - 1), fc.string({ maxLength: 5, unit: piece })), { maxLength: 5 })
    .map((list) => {
      const cuts = [...new Map(list.map(([at, by]) => [at, by]))].sort((x, y) => x[0] - y[0]);
      return cuts.map(([at, by], index) => {
        const next = cuts[index + 1]?.[0] ?? places.length - 1;
        return edit(places[at] as number, places[Math.max(at, Math.floor((at + next) / 2))] as number, by);
      });
    });
};

describe('source text', () => {
  test('what no edit covers stays byte for byte, whatever the encoding (C21: an old file is no broken file)', () => {
    const encodings = ['utf8', 'bom', 'latin1', 'utf16le', 'utf16be'] as const;
    fc.assert(
      fc.property(
        fc.constantFrom(...encodings),
        someText.chain((text) => fc.tuple(fc.constant(text), someEdits(text))),
        (encoding, [given, edits]) => {
          const text =
            encoding === 'latin1' ? given.replaceAll('😀', 'ü') : encoding === 'utf8' ? given : `\ufeff${given}`;
          const bytes =
            encoding === 'utf16be'
              ? Buffer.from(text, 'utf16le').swap16()
              : Buffer.from(text, encoding === 'bom' ? 'utf8' : encoding);
          const source = readSource(bytes);
          expect(source).not.toBeNull();
          if (source === null) return;
          expect(source.write(source.text).equals(bytes)).toBe(true);
          const own = edits.filter(
            ({ with: by, start, end }) => source.takes(by) && end <= source.text.length && start <= end,
          );
          if (source.text.length !== given.length) return;
          const after = source.write(splice(source.text, own));
          // Forwards up to the first edit and backwards from the last one: the same bytes.
          const first = own.length === 0 ? source.text.length : Math.min(...own.map(({ start }) => start));
          const last = own.length === 0 ? 0 : Math.max(...own.map(({ end }) => end));
          const head = source.write(source.text.slice(0, first));
          const tail = source.write(source.text.slice(last));
          expect(after.subarray(0, head.length).equals(bytes.subarray(0, head.length))).toBe(true);
          expect(after.subarray(after.length - tail.length).equals(bytes.subarray(bytes.length - tail.length))).toBe(
            true,
          );
        },
      ),
    );
  });

  test('a binary is no source text', () => {
    expect(readSource(Buffer.from([1, 2, 0, 3]))).toBeNull();
  });

  test('an old file takes no letters beyond ASCII: which ones it has is not known', () => {
    const source = readSource(Buffer.from([0x61, 0xe4, 0x62]));
    expect(source?.encoding).toBe('latin1');
    expect(source?.takes('data/x.db')).toBe(true);
    expect(source?.takes('dätä')).toBe(false);
  });
});

describe('patch', () => {
  const inRepository = (work: (dir: string, git: (...args: string[]) => string) => void): void => {
    const dir = mkdtempSync(join(tmpdir(), 'desprawl-patch-'));
    const git = (...args: string[]): string =>
      execFileSync('git', ['-c', 'core.autocrlf=false', '-c', 'core.quotepath=true', ...args], {
        cwd: dir,
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'pipe'],
      });
    try {
      git('init', '-q');
      work(dir, git);
    } finally {
      rmSync(dir, { recursive: true });
    }
  };
  const put = (dir: string, path: string, content: string | Buffer): void => {
    mkdirSync(dirname(join(dir, path)), { recursive: true });
    writeFileSync(join(dir, path), content);
  };

  test('git apply makes of it, byte for byte, what splice makes', () => {
    inRepository((dir, git) => {
      fc.assert(
        fc.property(
          fc.array(
            someText.chain((text) => fc.tuple(fc.constant(text), someEdits(text))),
            { minLength: 1, maxLength: 4 },
          ),
          (files) => {
            const patched = files.map(([before, edits], index) => {
              const text = before.replaceAll('\0', '');
              put(dir, `f${index}.txt`, text);
              return { from: `f${index}.txt`, to: `f${index}.txt`, before: text, edits, reasons: ['a: why'] };
            });
            const patch = unifiedPatch(patched);
            if (patch.length > 0) {
              writeFileSync(join(dir, 'p.patch'), patch);
              git('apply', '--whitespace=nowarn', 'p.patch');
            }
            for (const { from, before, edits } of patched)
              expect(readFileSync(join(dir, from), 'utf8')).toBe(splice(before, edits));
          },
        ),
        { numRuns: 60 },
      );
    });
  }, 60_000);

  test('renames, new files, files that go, an old encoding, odd names', () => {
    inRepository((dir, git) => {
      const latin = readSource(Buffer.from([0xe4, 0x0a, 0x62, 0x0a]));
      if (latin === null) throw new Error('latin');
      put(dir, 'old name é.py', 'one\r\ntwo\r\nthree');
      put(dir, 'latin.py', latin.write(latin.text));
      put(dir, 'gone.sh', 'x\n');
      chmodSync(join(dir, 'gone.sh'), 0o755);
      put(dir, 'moved "only".py', 'same\n');
      git('add', '-A');
      const patch = unifiedPatch([
        {
          from: 'old name é.py',
          to: 'new folder/na\tme.py',
          before: 'one\r\ntwo\r\nthree',
          edits: [edit(5, 8, 'zwei')],
          reasons: ['move-x: two folders\nfor one job', 'repoint-y: one module'],
        },
        {
          from: 'latin.py',
          to: 'latin.py',
          before: latin.text,
          edits: [edit(2, 3, 'c')],
          write: latin.write,
          reasons: [],
        },
        { from: null, to: 'pkg/__init__.py', before: '', edits: [edit(0, 0, '# made\n')], reasons: [] },
        { from: null, to: 'pkg/a b.py', before: '', edits: [edit(0, 0, 'no end')], reasons: [] },
        { from: 'gone.sh', to: null, before: 'x\n', edits: [], mode: 0o755, reasons: [] },
        { from: 'moved "only".py', to: 'moved.py', before: 'same\n', edits: [], reasons: [] },
      ]);
      writeFileSync(join(dir, '.git/p.patch'), patch);
      git('apply', '--index', '.git/p.patch');
      expect(readFileSync(join(dir, 'new folder/na\tme.py'), 'utf8')).toBe('one\r\nzwei\r\nthree');
      expect([...readFileSync(join(dir, 'latin.py'))]).toEqual([0xe4, 0x0a, 0x63, 0x0a]);
      expect(readFileSync(join(dir, 'pkg/__init__.py'), 'utf8')).toBe('# made\n');
      expect(readFileSync(join(dir, 'pkg/a b.py'), 'utf8')).toBe('no end');
      expect(existsSync(join(dir, 'gone.sh'))).toBe(false);
      expect(readFileSync(join(dir, 'moved.py'), 'utf8')).toBe('same\n');
      expect(patch.toString('latin1')).toContain('# move-x: two folders for one job\n');
      expect(git('apply', '--check', '-R', '--index', '.git/p.patch')).toBe('');
    });
  });

  test('what neither changes nor moves is not in it', () => {
    expect(unifiedPatch([{ from: 'a', to: 'a', before: 'x', edits: [edit(0, 1, 'x')], reasons: ['r'] }])).toHaveLength(
      0,
    );
  });
});
