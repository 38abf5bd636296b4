/** Remembering where texts were written changes no binding: shown on every fixture and on the example project. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { lookAgain } from '../../test/code-project.ts';
import type { FixtureProject } from '../../test/projects/fixture-project.ts';
import { applyOperation } from '../bindings/path-functions.ts';
import { type Situation, settle } from '../bindings/settle.ts';
import { apply, type Operation, type Symbolic } from '../bindings/symbol.ts';
import { placeOf } from './delta.ts';
import { originsOf } from './origins.ts';
import { openCode } from './sites/open-code.ts';

const PROJECTS = new URL('../../test/projects/', import.meta.url).pathname;
const NO_FIXTURE = /^(?:fixture-project|fixtures\.test|make-repository|make-store|people|write-file)\.ts$/;

async function compareBindings(root: string): Promise<void> {
  const now = await lookAgain(root);
  const open = openCode({ ...now.looked, stores: now.facts.stores }, now.read);
  const { bindings } = now.looked.code;
  const paths = new Set(bindings.map(({ path }) => path));
  const before = new Set(bindings.map(({ path, line, target, by }) => `${path}:${line} ${by} ${placeOf(target)}`));
  const found = new Set(
    [...paths].flatMap((path) =>
      open.settledIn(path).map(({ opening, target }) => `${path}:${opening.line} ${opening.rule} ${placeOf(target)}`),
    ),
  );
  expect([...found].sort()).toEqual([...before].sort());
}

describe('bindings with origins are those without', () => {
  const names = readdirSync(PROJECTS).filter((name) => name.endsWith('.ts') && !NO_FIXTURE.test(name));

  test.each(names)(
    '%s',
    async (name) => {
      const { project } = (await import(join(PROJECTS, name))) as { project: FixtureProject };
      const root = mkdtempSync(join(tmpdir(), 'desprawl-origins-'));
      try {
        await project.build(root);
        await compareBindings(root);
      } finally {
        rmSync(root, { recursive: true, force: true });
      }
    },
    60_000,
  );

  test('homestead', async () => {
    const root = mkdtempSync(join(tmpdir(), 'desprawl-origins-'));
    try {
      execFileSync('node', ['examples/homestead/build.mjs', root], { cwd: new URL('../..', import.meta.url).pathname });
      await compareBindings(root);
    } finally {
      rmSync(root, { recursive: true, force: true });
    }
  }, 60_000);
});

describe('marks', () => {
  const segment = fc.constantFrom('data', 'a', '..', '.', 'auth.db', '/', '/app', 'x/y', '', './b', 'c/');
  const operations: readonly Operation[] = [
    'concat',
    'python-join',
    'pathlib',
    'python-normpath',
    'python-abspath',
    'python-dirname',
    'python-basename',
    'pathlib-parent',
    'pathlib-resolve',
    'pathlib-absolute',
    'node-join',
    'node-resolve',
    'node-dirname',
    'node-basename',
    'node-normalize',
    'with-name',
    'file-url',
    'from-file-url',
    'strip',
    'lower',
    'php-dirname',
  ];
  let counter = 0;
  const leaf = segment.map((v): Symbolic => {
    const start = counter++ * 100;
    return {
      s: 'text',
      v,
      at: [{ length: v.length, literal: { file: 'a.py', start, end: start + v.length + 2, value: v }, from: 0 }],
    };
  });
  const symbol: fc.Arbitrary<Symbolic> = fc.letrec<{ one: Symbolic }>((tie) => ({
    one: fc.oneof(
      { depthSize: 'small' },
      leaf,
      fc
        .tuple(fc.constantFrom(...operations), fc.array(tie('one'), { minLength: 1, maxLength: 3 }))
        .map(([op, of]) => apply(op, ...of)),
    ),
  })).one;
  const situation: Situation = {
    cwd: '/r',
    home: '/h',
    temp: '/tmp',
    variable: () => undefined,
    placeOf: (file) => `/r/${file}`,
  };

  test('each marked unit is the unit of the literal that the mark names; the values are those of settling', () => {
    let known = 0;
    fc.assert(
      fc.property(symbol, (one) => {
        const outcomes = originsOf(one, situation, () => undefined);
        expect(outcomes.map(({ value }) => value)).toEqual(settle(one, situation).map(({ value }) => value));
        for (const { value, marks } of outcomes) {
          expect(marks.length).toBe(value?.length);
          marks.forEach((mark, at) => {
            if (mark === null) return;
            known++;
            expect(mark.literal.value[mark.index]).toBe(value?.[at]);
          });
        }
      }),
      { numRuns: 3000 },
    );
    expect(known).toBeGreaterThan(2000);
  });

  test('changing a marked unit changes the same unit of the value', () => {
    const join3 = (a: string): string => applyOperation('python-join', ['/r', a, 'auth.db'], situation);
    const [found] = originsOf(
      apply(
        'python-join',
        { s: 'text', v: '/r' },
        { s: 'text', v: 'data', at: [{ length: 4, literal: { file: 'f', start: 0, end: 6, value: 'data' }, from: 0 }] },
        { s: 'text', v: 'auth.db' },
      ),
      situation,
      () => undefined,
    );
    const at = found?.marks.findIndex((mark) => mark !== null) ?? -1;
    expect(join3('Data')).toBe(`${found?.value?.slice(0, at)}D${found?.value?.slice(at + 1)}`);
  });
});
