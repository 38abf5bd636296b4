/** The owner's configuration as the stages see it; `read-config.ts` makes it from `desprawl.yaml`. */
import type { ExportSpec } from '../exports/model.ts';

export type DeclaredRole = 'primary' | 'live' | 'backup' | 'export' | 'archive' | 'fixture' | 'foreign';

export interface Config {
  readonly version: 1;
  /** gitignore-style patterns of what is not looked at. */
  readonly ignore: readonly string[];
  /** Stores of other programs, by path. */
  readonly foreign: readonly string[];
  readonly stores: Readonly<Record<string, { readonly role?: DeclaredRole; readonly note?: string }>>;
  readonly audit: {
    readonly exact: boolean;
    readonly timeout: number;
    /** Codes of findings that are not reported. */
    readonly disable: readonly string[];
  };
  /** Folder for state, instead of the user's state folder. */
  readonly state?: string;
  /** Choices for `desprawl plan`, the same as its options. */
  readonly plan: {
    /** The store that others are to be merged into. */
    readonly target?: string;
    /** Paths that no action may touch. */
    readonly keep: readonly string[];
    /** Edit prose, docs and changelogs too. */
    readonly docs: boolean;
  };
  /** What says, by name, whether the project works. */
  readonly checks: Readonly<Record<string, CheckConfig>>;
  readonly measures: Readonly<Record<string, MeasureConfig>>;
  /** What must hold after a run; what is left out is not asked. */
  readonly targets: {
    readonly stores?: number;
    readonly connectionModules?: number;
    /** Code of a finding → how many may be left. */
    readonly findings: Readonly<Record<string, number>>;
  };
  /** Files that are made of tables, by name. */
  readonly exports: Readonly<Record<string, ExportSpec>>;
  /** `self`: plans must be approved, also by the one who applies them; `other`: by somebody else. */
  readonly approval: 'none' | 'self' | 'other';
  /** What `desprawl backup prune` may remove; `null`: no limit, nothing goes by it. */
  readonly retention: { readonly keepDays: number | null; readonly keepRuns: number | null };
}

export type CheckConfig = CommandCheck | SqlCheck | HttpCheck;

/** Good if it ends with 0. */
export interface CommandCheck {
  readonly kind: 'command';
  readonly run: string;
  /** Seconds. */
  readonly timeout: number;
}

/** Good if the only value of the only row is `is`. */
export interface SqlCheck {
  readonly kind: 'sql';
  readonly store: string;
  readonly sql: string;
  readonly is: string | number | null;
}

/** Good if the program gets ready and every request has its answer. */
export interface HttpCheck {
  readonly kind: 'http';
  readonly start: string;
  /** The variable in which the program is told its port. */
  readonly port: string;
  /** Asked until it answers. */
  readonly ready: string;
  readonly requests: readonly HttpRequest[];
  readonly timeout: number;
}

export interface HttpRequest {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly json?: unknown;
  readonly status: number;
}

export interface MeasureConfig {
  readonly run: string;
  readonly of: 'seconds' | 'memory';
  /** How much worse it may be after: 0.2 is a fifth. */
  readonly tolerance: number;
  readonly timeout: number;
}

/** What holds without a configuration. */
export const DEFAULT_CONFIG: Config = {
  version: 1,
  ignore: [],
  foreign: [],
  stores: {},
  audit: { exact: false, timeout: 120, disable: [] },
  plan: { keep: [], docs: false },
  checks: {},
  measures: {},
  targets: { findings: {} },
  exports: {},
  approval: 'none',
  retention: { keepDays: null, keepRuns: null },
};
