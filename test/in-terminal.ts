/** The command line in a terminal of 80 columns: answers are typed, and what was shown is told. */
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { PassThrough } from 'node:stream';
import { expect } from 'vitest';
import type { Context, Output } from '../src/cli/context.ts';
import { main } from '../src/cli/main.ts';
import { realDisk } from '../src/disk/real-disk.ts';

export interface Shown {
  readonly code: number;
  /** What was asked, and what was said while it worked. */
  readonly said: string;
  /** The report. */
  readonly out: string;
}

/** Types the answers, one a line. State and cache are beside the project. No line may be longer than the terminal is wide. */
export async function inTerminal(root: string, args: readonly string[], ...answers: readonly string[]): Promise<Shown> {
  const input = Object.assign(new PassThrough(), { isTTY: true });
  // A question that nobody answers ends the command, and the test.
  input.end(answers.map((answer) => `${answer}\n`).join(''));
  const written = { out: '', err: '' };
  const output = (name: keyof typeof written): Output => ({
    isTerminal: true,
    width: 80,
    colour: false,
    write: async (text) => {
      written[name] += String(text);
    },
  });
  const parent = dirname(root);
  const context: Context = {
    cwd: root,
    cacheDir: join(parent, 'cache'),
    stateDir: join(parent, 'state'),
    scratchDir: tmpdir(),
    platform: process.platform,
    out: output('out'),
    err: output('err'),
    input,
    signal: new AbortController().signal,
    disk: realDisk,
    now: () => Date.now(),
  };
  const code = await main(['--progress', 'none', ...args], context);
  // Who types ends the line of the question.
  const said = written.err.replace(/(?:answer(?: \[[^\]]*\])?: |Type \w+: |\[[yY]\/[nN]\] )/g, '$&\n');
  for (const line of `${said}${written.out}`.split('\n')) expect(line.length, line).toBeLessThanOrEqual(80);
  return { code, said, out: written.out };
}
