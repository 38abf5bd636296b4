/** Files in any style: line ends, tabs, a mark, quotes, encodings. Only what names the store changes, in the style that it has. */
import fc from 'fast-check';
import { afterAll, expect, it } from 'vitest';
import { codeProject, removeCodeProjects } from '../../../test/code-project.ts';
import { splice } from '../../edit/splice.ts';
import { openCode } from './open-code.ts';
import { storeSites } from './store-sites.ts';

afterAll(removeCodeProjects);

const [FROM, TO] = ['data/auth.db', 'data/main.db'];

/** `@`: the path; `Q`: the quote of the file; `>`: one indent. What stands in no live piece must stay. */
const LIVE = {
  py: [
    'sqlite3.connect(Q@Q)',
    'DB = Q@Q\nsqlite3.connect(DB)',
    'def f(path=Q@Q):\n>return sqlite3.connect(path)\nf()',
    'sqlite3.connect(os.getenv("ANY_DB", Q@Q))',
    'sqlite3.connect(Qfile:@?mode=roQ, uri=True)',
    'if True:\n>sqlite3.connect(database=Q./@Q, timeout=5)',
  ],
  js: [
    'new Database(Q@Q);',
    'const DB = Q@Q;\nnew Database(DB);',
    'function f(path = Q@Q) {\n>return new Database(path);\n}\nf();',
    'new Database(process.env.ANY_DB ?? Q@Q);',
    'new Database(`@`, { readonly: true });',
  ],
} as const;
const STILL = {
  py: ['x = Qdata/auth.db.bakQ', '# data/auth.db, data/auth', 'y = Qmydata/auth.dbQ', 'z = Qauth.dbxQ', '# Ä ö', ''],
  js: ['const x = Qdata/auth.db.bakQ;', '// data/auth.db', '/* data/auth.db Ä */', 'const z = Qauth.dbxQ;', ''],
} as const;
const HEAD = { py: 'import os, sqlite3', js: "const Database = require('better-sqlite3');" } as const;

const language = fc.constantFrom('py' as const, 'js' as const);
const file = language.chain((kind) =>
  fc.record({
    kind: fc.constant(kind),
    pieces: fc.array(
      fc.oneof(
        fc.constantFrom(...LIVE[kind]).map((text) => ({ text: text as string, live: true })),
        fc.constantFrom(...STILL[kind]).map((text) => ({ text: text as string, live: false })),
      ),
      { minLength: 1, maxLength: 6 },
    ),
    end: fc.constantFrom('\n', '\r\n'),
    indent: fc.constantFrom('\t', '  ', '    '),
    quotes: fc.array(fc.constantFrom("'", '"'), { minLength: 6, maxLength: 6 }),
    encoding: fc.constantFrom('utf8' as const, 'bom' as const, 'latin1' as const),
    closed: fc.boolean(),
  }),
);
type Styled = typeof file extends fc.Arbitrary<infer T> ? T : never;

function bytes({ kind, pieces, end, indent, quotes, encoding, closed }: Styled, path: string): Buffer {
  const said = pieces.map(({ text, live }, i) => {
    const quoted = text.replaceAll('Q', quotes[i] ?? "'").replaceAll('>', indent);
    // Names of one file are told apart, so that each stands for itself.
    const named = quoted
      .replaceAll(/\bDB\b/g, `DB${i}`)
      .replaceAll(/\bf\b/g, `f${i}`)
      .replaceAll(/\b[xyz]\b/g, `x${i}`);
    return live ? named.replaceAll('@', path) : named;
  });
  const text = [HEAD[kind], ...said].join('\n').replaceAll('\n', end) + (closed ? end : '');
  const declared = encoding === 'latin1' && kind === 'py' ? `# coding: latin-1${end}${text}` : text;
  return Buffer.from(encoding === 'bom' ? `\ufeff${declared}` : declared, encoding === 'latin1' ? 'latin1' : 'utf8');
}

it('C1, C2: only the planned texts change, byte for byte', { timeout: 120_000 }, async () => {
  let edited = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(file, { minLength: 1, maxLength: 4 }), async (files) => {
      const name = (i: number): string => `m${i}.${files[i]?.kind}`;
      const at = (path: string): ReadonlyMap<string, Buffer> =>
        new Map(files.map((one, i) => [name(i), bytes(one, path)]));
      const before = at(FROM);
      const now = await codeProject({ ...Object.fromEntries(before), [FROM]: '', 'data/auth.db.bak': 'x' });
      const open = openCode({ ...now.looked, stores: now.facts.stores }, now.read);
      const sites = storeSites(open, { from: FROM, to: TO, only: null });
      const after = new Map(before);
      for (const path of new Set(sites.edits.map((edit) => edit.path))) {
        const source = open.source(path);
        if (source === null) throw new Error(path);
        const own = sites.edits.filter((edit) => edit.path === path).map((edit) => ({ ...edit, action: 'a' }));
        after.set(path, source.write(splice(source.text, own)));
        edited++;
      }
      const shown = (all: ReadonlyMap<string, Buffer>): readonly string[] =>
        [...all].map(([path, content]) => `${path}: ${JSON.stringify(content.toString('latin1'))}`);
      expect(shown(after)).toEqual(shown(at(TO)));
      expect(sites.open).toEqual([]);
    }),
    { numRuns: Number(process.env.RUNS ?? 60) },
  );
  expect(edited).toBeGreaterThan(40);
});
