/**
 * Every expected failure of desprawl: a stable code, a sentence, a hint and an exit code.
 * Anything thrown that is not a `DesprawlError` is a bug and is reported as one.
 */

/** Exit codes of the command line; the contract of the README's table. */
export const EXIT = {
  ok: 0,
  no: 1,
  couldNotRun: 2,
  partly: 3,
  planStale: 10,
  locked: 11,
  interruptedRun: 12,
  cancelled: 130,
} as const;

export type ErrorCode =
  | 'DSP-USAGE'
  | 'DSP-PROJECT-MISSING'
  | 'DSP-PROJECT-NOT-A-FOLDER'
  | 'DSP-PROJECT-UNREADABLE'
  | 'DSP-CONFIG-INVALID'
  | 'DSP-STORE-MISSING'
  | 'DSP-STORE-UNREADABLE'
  | 'DSP-TABLE-MISSING'
  | 'DSP-CODE-UNKNOWN'
  | 'DSP-WHERE-UNKNOWN'
  | 'DSP-FILE-EXISTS'
  | 'DSP-WRITE-FAILED'
  | 'DSP-SCRATCH'
  | 'DSP-DRIVER'
  | 'DSP-PLATFORM'
  | 'DSP-CANCELLED';

export interface ErrorSpec {
  /** What the code means, for docs/errors.md. */
  readonly about: string;
  /** What the reader should do next, for docs/errors.md; a thrown error may give a more precise hint. */
  readonly hint: string;
  readonly exit: number;
}

/** One entry per code. `docs/errors.md` is generated from this table. */
export const ERRORS: Readonly<Record<ErrorCode, ErrorSpec>> = {
  'DSP-USAGE': {
    about: 'The command line could not be understood.',
    hint: 'Run `desprawl --help`, or `desprawl <command> --help`.',
    exit: EXIT.couldNotRun,
  },
  'DSP-PROJECT-MISSING': {
    about: 'The project folder does not exist.',
    hint: 'Check the spelling; `-C DIR` names the folder of the project.',
    exit: EXIT.couldNotRun,
  },
  'DSP-PROJECT-NOT-A-FOLDER': {
    about: 'The project path names something that is not a folder.',
    hint: 'Give the folder that holds the project, not a file in it.',
    exit: EXIT.couldNotRun,
  },
  'DSP-PROJECT-UNREADABLE': {
    about: 'The project folder cannot be listed.',
    hint: 'Run desprawl as a user who may read the folder.',
    exit: EXIT.couldNotRun,
  },
  'DSP-CONFIG-INVALID': {
    about: '`desprawl.yaml` cannot be read as a configuration; line and column are given.',
    hint: 'Correct the place named; `docs/configuration.md` lists every key.',
    exit: EXIT.couldNotRun,
  },
  'DSP-STORE-MISSING': {
    about: 'A store named on the command line does not exist.',
    hint: 'Run `desprawl audit` to see the stores of the project.',
    exit: EXIT.couldNotRun,
  },
  'DSP-STORE-UNREADABLE': {
    about: 'A store that the command needs cannot be read, so nothing can be said about it.',
    hint: '`desprawl audit` says why it is not verified.',
    exit: EXIT.couldNotRun,
  },
  'DSP-TABLE-MISSING': {
    about: 'A table named on the command line is in neither store.',
    hint: 'Leave out `--table` to see the tables that both stores have.',
    exit: EXIT.couldNotRun,
  },
  'DSP-CODE-UNKNOWN': {
    about: 'No finding or error has that code.',
    hint: 'Run `desprawl explain` to list all of them.',
    exit: EXIT.couldNotRun,
  },
  'DSP-WHERE-UNKNOWN': {
    about: 'What `desprawl where` was asked for is not in the project.',
    hint: 'Run `desprawl audit` to see the stores; paths are relative to the project.',
    exit: EXIT.couldNotRun,
  },
  'DSP-FILE-EXISTS': {
    about: 'A file that desprawl was asked to write is there already.',
    hint: 'Move it away or name another path; desprawl does not overwrite files.',
    exit: EXIT.couldNotRun,
  },
  'DSP-WRITE-FAILED': {
    about: 'A file that desprawl was asked to write could not be written.',
    hint: 'Check permissions and free space; nothing else was changed.',
    exit: EXIT.couldNotRun,
  },
  'DSP-SCRATCH': {
    about: 'The private folder for copies of live stores could not be made or is full.',
    hint: 'Free space there or set TMPDIR to a folder with room.',
    exit: EXIT.couldNotRun,
  },
  'DSP-DRIVER': {
    about: 'The SQLite driver could not be loaded on this machine.',
    hint: 'Run `desprawl doctor`; then `npm ci` again on this platform.',
    exit: EXIT.couldNotRun,
  },
  'DSP-PLATFORM': {
    about: 'desprawl does not support this operating system.',
    hint: 'Use Linux or macOS; on Windows, WSL 2.',
    exit: EXIT.couldNotRun,
  },
  'DSP-CANCELLED': {
    about: 'The command was interrupted (Ctrl-C or a termination signal).',
    hint: 'Nothing was changed; private copies were removed.',
    exit: EXIT.cancelled,
  },
};

/** An expected failure. `message` says what and where; `hint` what to do next. */
export class DesprawlError extends Error {
  readonly code: ErrorCode;
  readonly hint: string;
  readonly exitCode: number;

  constructor(code: ErrorCode, message: string, options: { hint?: string; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'DesprawlError';
    this.code = code;
    this.hint = options.hint ?? ERRORS[code].hint;
    this.exitCode = ERRORS[code].exit;
  }
}
