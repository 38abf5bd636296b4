/**
 * Every expected failure of desprawl: a stable code, a sentence, a hint and an exit code.
 * Anything thrown that is not a `DesprawlError` is a bug and is reported as one. Whole because it is one list.
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
  | 'DSP-PLAN-MISSING'
  | 'DSP-PLAN-INVALID'
  | 'DSP-MERGE-UNBALANCED'
  | 'DSP-PLAN-STALE'
  | 'DSP-PLAN-UNLOCKED'
  | 'DSP-PLAN-UNDECIDED'
  | 'DSP-PLAN-UNAPPROVED'
  | 'DSP-PHASE-LOCKED'
  | 'DSP-LOCKED'
  | 'DSP-RUN-INTERRUPTED'
  | 'DSP-RUN-FOREIGN'
  | 'DSP-RUN-STACKED'
  | 'DSP-RUN-BASE'
  | 'DSP-RUN-UNKNOWN'
  | 'DSP-LEDGER-NONE'
  | 'DSP-JOURNAL-DAMAGED'
  | 'DSP-VAULT-DAMAGED'
  | 'DSP-BACKUP-UNKNOWN'
  | 'DSP-STORE-BUSY'
  | 'DSP-NO-SPACE'
  | 'DSP-GIT-BUSY'
  | 'DSP-ROLLBACK-LATER'
  | 'DSP-CHECK-ESCAPED'
  | 'DSP-EXPORT-UNKNOWN'
  | 'DSP-EXPORT-INVALID'
  | 'DSP-EXPORT-VALUE'
  | 'DSP-NO-TERMINAL'
  | 'DSP-STATE'
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
    about: 'A file could not be written. In a run, what is done and what is not is said.',
    hint: 'Check permissions and free space; `desprawl status` says whether a run waits.',
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
  'DSP-PLAN-MISSING': {
    about: 'There is no plan file where one was expected.',
    hint: 'Run `desprawl plan`, or name the file: `desprawl apply PLAN`.',
    exit: EXIT.couldNotRun,
  },
  'DSP-PLAN-INVALID': {
    about: 'A plan cannot be read as a plan, or it is the plan of another project; line and column are given.',
    hint: 'Correct the place named; `docs/plan-file.md` lists every key.',
    exit: EXIT.couldNotRun,
  },
  'DSP-MERGE-UNBALANCED': {
    about:
      'After stores were merged beside their target, comparing them row by row found one that is not where the ledger says. Nothing was changed.',
    hint: 'Leave the merge out with `skip: true`, and report it: it should not happen. The message says which table, and holds no row.',
    exit: EXIT.couldNotRun,
  },
  'DSP-PLAN-STALE': {
    about:
      'What an action relies on changed since the plan was measured, so what was reviewed is not what would be done. Nothing was applied.',
    hint: 'Run `desprawl plan --from PLAN`, look at what changed with `--diff`, then apply.',
    exit: EXIT.planStale,
  },
  'DSP-PLAN-UNLOCKED': {
    about: 'The plan was never measured on this machine: it has no lock here.',
    hint: 'Run `desprawl plan --from PLAN`; decisions are carried over.',
    exit: EXIT.planStale,
  },
  'DSP-PLAN-UNDECIDED': {
    about: 'Nothing can be applied before a decision of the plan is answered.',
    hint: 'Answer it in `chosen:`, or run `desprawl apply` in a terminal, which asks.',
    exit: EXIT.couldNotRun,
  },
  'DSP-PLAN-UNAPPROVED': {
    about: 'The policy asks for an approval of the plan as it is now, and there is none that counts.',
    hint: 'Have it approved with `desprawl approve PLAN`; every edit that has an effect ends an approval.',
    exit: EXIT.couldNotRun,
  },
  'DSP-PHASE-LOCKED': {
    about: 'An earlier phase of the plan is not verified, or was rolled back.',
    hint: 'Apply the earlier phase and run `desprawl verify`; `desprawl runs` shows which phase is where.',
    exit: EXIT.couldNotRun,
  },
  'DSP-LOCKED': {
    about: 'Another desprawl works on this project now, or a holder cannot be told to be gone.',
    hint: 'Wait until it ends. If it runs on another machine or in another container and is gone, delete the file named.',
    exit: EXIT.locked,
  },
  'DSP-RUN-INTERRUPTED': {
    about: 'A run was interrupted and waits; until it is finished or taken back, nothing else is changed.',
    hint: '`desprawl apply --continue` finishes it, `desprawl rollback` takes it back, `desprawl status` says how far it came.',
    exit: EXIT.interruptedRun,
  },
  'DSP-RUN-FOREIGN': {
    about: 'A path is neither as it was nor as the run leaves it: somebody else changed it. The run stopped before it.',
    hint: 'The path is named with what was expected and found. Put it back and run `desprawl apply --continue`, or run `desprawl rollback`.',
    exit: EXIT.partly,
  },
  'DSP-RUN-STACKED': {
    about: 'Later runs touch paths of the run that is to be rolled back.',
    hint: '`desprawl rollback RUN --with-later` takes them back together, newest first; in a terminal, it shows them and asks.',
    exit: EXIT.couldNotRun,
  },
  'DSP-RUN-BASE': {
    about: 'The branch was switched since the run, and files that it touched are others there.',
    hint: 'Switch back to the branch named, then run the command again.',
    exit: EXIT.couldNotRun,
  },
  'DSP-RUN-UNKNOWN': {
    about: 'There is no run of that name, or none that the command could mean.',
    hint: 'Run `desprawl runs` to list all of them.',
    exit: EXIT.couldNotRun,
  },
  'DSP-LEDGER-NONE': {
    about: 'The run merged nothing, or not what was asked for: there is no ledger to read.',
    hint: 'Run `desprawl runs` to list all runs; `desprawl verify RUN` shows what one of them did.',
    exit: EXIT.couldNotRun,
  },
  'DSP-JOURNAL-DAMAGED': {
    about: 'The journal of a run lost records that had been on the disk. The run cannot be continued.',
    hint: '`desprawl rollback` looks at the paths themselves and does not need them. Check the disk.',
    exit: EXIT.couldNotRun,
  },
  'DSP-VAULT-DAMAGED': {
    about:
      'A content that is needed is missing in the vault or has other bytes than its name says. Nothing was begun with it.',
    hint: '`desprawl backup verify` lists what is good; the message names what can still be restored. Check the disk.',
    exit: EXIT.couldNotRun,
  },
  'DSP-BACKUP-UNKNOWN': {
    about: 'There is no backup of that name, or it does not hold that path.',
    hint: 'Run `desprawl backup list`, and `desprawl backup list ID` for its files.',
    exit: EXIT.couldNotRun,
  },
  'DSP-STORE-BUSY': {
    about: 'A store that is to be changed is open in another process.',
    hint: 'Stop the process named, then run the command again; a backup can be taken now with `desprawl backup create`.',
    exit: EXIT.couldNotRun,
  },
  'DSP-NO-SPACE': {
    about:
      'There is less free space than the command needs; both numbers are given, unless the disk became full only then. Nothing was begun.',
    hint: 'Free space there, or move the state with `state:` in `desprawl.yaml`.',
    exit: EXIT.couldNotRun,
  },
  'DSP-GIT-BUSY': {
    about: 'Another git works with the index of the project.',
    hint: 'Wait until it ends. If none runs, git left `index.lock` behind: remove it, then run the command again.',
    exit: EXIT.couldNotRun,
  },
  'DSP-ROLLBACK-LATER': {
    about: 'A store was written after the run, and rolling back would lose those rows.',
    hint: '`desprawl rollback --later carry` takes the rows along, `--later aside` keeps them in the vault; `--dry-run` with either shows the numbers.',
    exit: EXIT.couldNotRun,
  },
  'DSP-CHECK-ESCAPED': {
    about: 'A check of the project wrote outside the copy that it ran in.',
    hint: 'The message says what it wrote. Take the absolute path out of the check or its configuration.',
    exit: EXIT.couldNotRun,
  },
  'DSP-EXPORT-UNKNOWN': {
    about: 'No export of that name is declared.',
    hint: 'Declare it under `exports:` in `desprawl.yaml`; `docs/exports.md` shows how.',
    exit: EXIT.couldNotRun,
  },
  'DSP-EXPORT-INVALID': {
    about: 'An export names a table or column that its store does not have, or its query cannot be run.',
    hint: 'Correct it under `exports:` in `desprawl.yaml`; `desprawl audit --details` shows tables and columns.',
    exit: EXIT.couldNotRun,
  },
  'DSP-EXPORT-VALUE': {
    about:
      'A value cannot be written so that it reads back as what it was; column and row are named. Nothing was written.',
    hint: '`odd-text: escape`, `nulls` of `csv` or `format: jsonl` may hold it; or leave the column out.',
    exit: EXIT.couldNotRun,
  },
  'DSP-NO-TERMINAL': {
    about: 'The command needs an answer, and there is no terminal to ask in.',
    hint: 'Run it in a terminal, or give the option named.',
    exit: EXIT.couldNotRun,
  },
  'DSP-STATE': {
    about: 'The folder of the state, where runs and backups lie, cannot be used.',
    hint: '`desprawl status` says where it is; `state:` in `desprawl.yaml` moves it.',
    exit: EXIT.couldNotRun,
  },
  'DSP-CANCELLED': {
    about: 'The command was interrupted (Ctrl-C or a termination signal).',
    hint: 'Private copies were removed; `desprawl status` says whether a run waits.',
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
