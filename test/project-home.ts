/** A project with folders of its own for state and cache, and the real command line in it. */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { type CliOptions, type CliRun, expectNoTrace, runCli } from './run-cli.ts';

export interface ProjectHome {
  readonly root: string;
  /** Folder of the project's state; it is there after the first command that writes to it. */
  state(): string;
  run(args: readonly string[], options?: CliOptions): Promise<CliRun>;
  json<T>(...args: readonly string[]): Promise<T>;
  /** What is said on standard error. */
  refused(code: string, exit: number, ...args: readonly string[]): Promise<string>;
}

/** The project `name` in `parent`, and the folders of its state and its cache beside it. Nothing is made. */
export function projectHome(parent: string, name: string): ProjectHome {
  const root = join(parent, name);
  const env = { XDG_STATE_HOME: join(parent, 'state'), XDG_CACHE_HOME: join(parent, 'cache') };
  const run: ProjectHome['run'] = async (args, options = {}) => {
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
  };
}
