/** A copy of the example project with folders of its own for state and cache, and the real command line in it. */
import { spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Ajv } from 'ajv';
import { expect } from 'vitest';
import { removeCopy } from '../src/copy/remove-copy.ts';
import { realDisk } from '../src/disk/real-disk.ts';
import { type CliOptions, type CliRun, expectNoTrace, runCli } from './run-cli.ts';

const repository = fileURLToPath(new URL('..', import.meta.url));

export interface HomesteadHome {
  readonly root: string;
  /** Folder of the project's state; it is there after the first command that writes to it. */
  state(): string;
  run(args: readonly string[], options?: CliOptions): Promise<CliRun>;
  json<T>(...args: readonly string[]): Promise<T>;
  /** What is said on standard error. */
  refused(code: string, exit: number, ...args: readonly string[]): Promise<string>;
  /** A plan with every question answered. */
  plan(): Promise<void>;
  close(): void;
}

/** Builds the example once; the caller removes it. */
export function builtHomestead(): string {
  const built = realpathSync(mkdtempSync(join(tmpdir(), 'homestead-built-')));
  const script = join(repository, 'examples/homestead/build.mjs');
  const { status, stderr } = spawnSync(process.execPath, [script, join(built, 'homestead')], { encoding: 'utf8' });
  expect(status, stderr).toBe(0);
  return built;
}

export function homesteadHome(built: string): HomesteadHome {
  const parent = realpathSync(mkdtempSync(join(tmpdir(), 'homestead-')));
  const root = join(parent, 'homestead');
  cpSync(join(built, 'homestead'), root, { recursive: true, preserveTimestamps: true, verbatimSymlinks: true });
  const env = { XDG_STATE_HOME: join(parent, 'state'), XDG_CACHE_HOME: join(parent, 'cache') };
  mkdirSync(env.XDG_STATE_HOME);
  const run: HomesteadHome['run'] = async (args, options = {}) => {
    const done = await runCli(['-C', root, ...args], { ...options, env: { ...env, ...options.env } });
    expectNoTrace(done);
    return done;
  };
  return {
    root,
    state: () => {
      const all = join(env.XDG_STATE_HOME, 'desprawl');
      const [name = ''] = existsSync(all) ? readdirSync(all) : [];
      return join(all, name);
    },
    run,
    json: async <T>(...args: readonly string[]): Promise<T> => {
      const { stdout, stderr } = await run([...args, '--json']);
      expect(stdout, stderr).not.toBe('');
      return JSON.parse(stdout) as T;
    },
    refused: async (code, exit, ...args) => {
      const done = await run(args);
      expect([done.code, done.stderr]).toEqual([exit, expect.stringContaining(code)]);
      return done.stderr.replace(/\s+/g, ' ');
    },
    plan: async () => {
      const path = join(root, 'desprawl-plan.yaml');
      expect((await run(['plan', '--accept-proposals'])).code).toBe(0);
      const text = readFileSync(path, 'utf8');
      // What nobody proposes an answer to: the state files go, and no line opens one of the stores that go.
      const answered = answerPlan(text, { 'unresolved-readers': 'goes', 'files-of-scene-manager': 'archive' });
      if (answered === text) return;
      writeFileSync(path, answered);
      const again = await run(['plan', '--from', path]);
      expect(again.code, again.stderr).toBe(0);
    },
    close: () => removeCopy(realDisk, parent),
  };
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
