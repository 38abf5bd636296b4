/** Random trees and random wishes: carried out and taken back, the tree is what it was. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { carryOut, stepGround } from '../../test/step-ground.ts';
import { treeState } from '../../test/tree-state.ts';
import { ABSENT, stateOf } from '../disk/path-state.ts';
import { realDisk } from '../disk/real-disk.ts';
import type { FileStep } from '../steps/index.ts';
import type { PlannedStep, Step } from '../steps/step.ts';
import { type Change, stepsBetween } from '../steps/steps-between.ts';
import { pathChains } from './chains.ts';
import { stepsBack } from './steps-back.ts';

const PATHS = ['a', 'b', 'd/a', 'd/b', 'd/e/a'];
const numbered = (steps: readonly PlannedStep[]): Step[] => steps.map((step, i) => ({ n: i + 1, ...step }) as Step);
/** Times are left out: those of folders are set by whoever ends a rollback. */
const tree = (root: string): readonly string[] => treeState(root).map((line) => line.replace(/ \d{16} /, ' '));

it('there and back, also from the middle', async () => {
  const texts = fc.array(fc.constantFrom(null, 'x', 'y', 'z'), { minLength: 5, maxLength: 5 });
  await fc.assert(
    fc.asyncProperty(
      texts,
      texts,
      fc.integer({ min: -1, max: 4 }),
      fc.nat(12),
      async (first, wanted, moved, stopAt) => {
        const parent = mkdtempSync(join(tmpdir(), 'back-'));
        try {
          const on = stepGround(realDisk, parent);
          mkdirSync(join(on.root, 'd/e'), { recursive: true });
          for (const [i, path] of PATHS.entries()) {
            const text = first[i];
            if (text == null) continue;
            on.content(text);
            writeFileSync(join(on.root, path), text);
          }
          const before = tree(on.root);
          const changes = PATHS.map((path, i): Change => {
            const text = wanted[i];
            const now = stateOf(realDisk, join(on.root, path));
            return { path, now, want: text == null ? ABSENT : on.content(text), action: 'a' };
          });
          const [from, to] = [changes[moved], changes[(moved + 1) % 5]];
          if (from?.now.kind === 'file' && to !== undefined && to.want.kind === 'file') {
            changes[(moved + 1) % 5] = { ...to, movedFrom: from.path };
          }
          const there = numbered(stepsBetween(changes));
          for (const step of there.slice(0, stopAt)) await carryOut(step as FileStep, on);
          const back = stepsBack(on, { chains: pathChains(there) });
          expect([back.changedSince, back.left]).toEqual([[], []]);
          for (const step of numbered(back.steps)) await carryOut(step as FileStep, on);
          expect(tree(on.root)).toEqual(before);
        } finally {
          rmSync(parent, { recursive: true, force: true });
        }
      },
    ),
    { numRuns: 60 },
  );
});
