/** A copy of the example project with folders of its own for state and cache, and the real command line in it. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Ajv } from 'ajv';
import { expect } from 'vitest';
import { removeCopy } from '../src/copy/remove-copy.ts';
import { realDisk } from '../src/disk/real-disk.ts';
import { type ProjectHome, projectHome } from './project-home.ts';

const repository = fileURLToPath(new URL('..', import.meta.url));

/** How far a home has come before a test begins. Each is reached once and then copied back, times included: planning takes seconds. */
export type Stage = 'built' | 'planned' | 'answered' | 'applied';

export interface Homesteads {
  /** One after the other: all are at the same path, by which a state folder knows its project. */
  at(stage: Stage): Promise<ProjectHome>;
  remove(): void;
}

export function homesteads(): Homesteads {
  const parent = realpathSync(mkdtempSync(join(tmpdir(), 'homesteads-')));
  const script = join(repository, 'examples/homestead/build.mjs');
  const work = join(parent, 'work');
  const kept = (stage: Stage): string => join(parent, 'kept', stage);
  const make: Readonly<Record<Stage, (home: ProjectHome) => Promise<void>>> = {
    built: async ({ root }) => {
      mkdirSync(join(work, 'state'), { recursive: true });
      const { status, stderr } = spawnSync(process.execPath, [script, root], { encoding: 'utf8' });
      expect(status, stderr).toBe(0);
    },
    planned: async ({ run }) => expect(await run(['plan'])).toMatchObject({ code: 0 }),
    answered: (home) => answer(home),
    applied: async ({ run }) => expect(await run(['apply', '--yes'])).toMatchObject({ code: 0 }),
  };
  const before: Readonly<Record<Stage, Stage | null>> = {
    ...{ built: null, planned: 'built', answered: 'built', applied: 'answered' },
  };
  const reach = async (stage: Stage): Promise<void> => {
    removeCopy(realDisk, work);
    if (!existsSync(kept(stage))) {
      const from = before[stage];
      if (from !== null) await reach(from);
      await make[stage](projectHome(work, 'homestead'));
      mkdirSync(join(parent, 'kept'), { recursive: true });
      copyExactly(work, kept(stage));
    } else copyExactly(kept(stage), work);
  };
  return {
    at: async (stage) => {
      await reach(stage);
      return projectHome(work, 'homestead');
    },
    remove: () => removeCopy(realDisk, parent),
  };
}

/** To the nanosecond, which `cpSync` cannot. */
function copyExactly(from: string, to: string): void {
  const { status, stderr } = spawnSync('cp', ['-a', from, to], { encoding: 'utf8' });
  expect(status, stderr).toBe(0);
}

/** A plan with every question answered. */
async function answer({ root, run }: ProjectHome): Promise<void> {
  const path = join(root, 'desprawl-plan.yaml');
  expect((await run(['plan', '--accept-proposals'])).code).toBe(0);
  const text = readFileSync(path, 'utf8');
  // What nobody proposes an answer to: the state files go, and no line opens one of the stores that go.
  const answered = answerPlan(text, { 'unresolved-readers': 'goes', 'files-of-scene-manager': 'archive' });
  if (answered === text) return;
  writeFileSync(path, answered);
  const again = await run(['plan', '--from', path]);
  expect(again.code, again.stderr).toBe(0);
}

/** Answers decisions that are open, as one would in an editor. */
export function answerPlan(text: string, answers: Readonly<Record<string, string>>): string {
  let answered = text;
  for (const [id, choice] of Object.entries(answers)) {
    const open = new RegExp(`(- decision: ${id}\\n(?:(?!- decision:)[\\s\\S])*?chosen:)$`, 'm');
    answered = answered.replace(open, (found) => `${found} ${choice}`);
  }
  return answered;
}

/** The published schema takes it. */
export function expectFits(schema: string, document: unknown): void {
  const text = readFileSync(join(repository, `schema/${schema}.schema.json`), 'utf8');
  const validate = new Ajv({ strict: false, allErrors: true }).compile(JSON.parse(text) as object);
  validate(document);
  expect(validate.errors ?? []).toEqual([]);
}
