/** What a command gets from the process it runs in; the only place, with `bin.ts`, where `process` is looked at. */
import { homedir, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Disk } from '../disk/disk.ts';
import type { Page } from '../report/page.ts';

export type ProgressMode = 'auto' | 'plain' | 'ndjson' | 'none';

export interface Context {
  readonly cwd: string;
  readonly cacheDir: string;
  readonly stateDir: string;
  readonly scratchDir: string;
  readonly platform: NodeJS.Platform;
  readonly out: Output;
  readonly err: Output;
  /** Where answers come from; left out where nobody can be asked. */
  readonly input?: Input;
  readonly signal: AbortSignal;
  /** What changes go through; looking commands have no use for it. */
  readonly disk: Disk;
  now(): number;
}

export type Input = NodeJS.ReadableStream & { readonly isTTY?: boolean };

export interface Output {
  readonly isTerminal: boolean;
  readonly width: number;
  readonly colour: boolean;
  /** Bytes are written as they are. */
  write(text: string | Uint8Array): Promise<void>;
}

/** What every command accepts. */
export interface CommonOptions {
  readonly C?: string;
  readonly json?: boolean;
  readonly color?: boolean;
  readonly progress?: ProgressMode;
}

/** Without a terminal, lines are as wide as a mail: what is read later is read anywhere. */
const DEFAULT_WIDTH = 80;
const WIDTHS = { least: 30, most: 120 } as const;

export function processContext(signal: AbortSignal, disk: Disk): Context {
  const { env } = process;
  const home = homedir();
  const folder = (variable: string | undefined, ...fallback: string[]): string =>
    // The XDG specification has relative paths ignored.
    variable?.startsWith('/') === true ? variable : join(home, ...fallback);
  return {
    cwd: process.cwd(),
    cacheDir: folder(env.XDG_CACHE_HOME, '.cache'),
    stateDir: folder(env.XDG_STATE_HOME, '.local', 'state'),
    scratchDir: tmpdir(),
    platform: process.platform,
    out: output(process.stdout, env),
    err: output(process.stderr, env),
    get input() {
      // Only who asks opens it: an open input would keep the process waiting.
      return process.stdin;
    },
    signal,
    disk,
    now: () => Date.now(),
  };
}

function output(stream: NodeJS.WriteStream, env: NodeJS.ProcessEnv): Output {
  const isTerminal = stream.isTTY === true;
  const columns = Number(env.COLUMNS) || stream.columns || DEFAULT_WIDTH;
  return {
    isTerminal,
    width: Math.min(
      WIDTHS.most,
      Math.max(WIDTHS.least, isTerminal || env.COLUMNS !== undefined ? columns : DEFAULT_WIDTH),
    ),
    // https://no-color.org and the convention of FORCE_COLOR.
    colour: env.FORCE_COLOR ? env.FORCE_COLOR !== '0' : isTerminal && !env.NO_COLOR && env.TERM !== 'dumb',
    write: (text) =>
      new Promise((done) => {
        stream.write(text, () => done());
      }),
  };
}

/** The folder of the project: `-C DIR`, or where the command was started. Never a parent of it. */
export function projectRoot(context: Context, options: CommonOptions): string {
  return resolve(context.cwd, options.C ?? '.');
}

export function page(output: Output, options: CommonOptions): Page {
  return { width: output.width, colour: output.colour && options.color !== false };
}
