/** The owner's configuration as the stages see it; `read-config.ts` makes it from `desprawl.yaml`. */

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
}

/** What holds without a configuration. */
export const DEFAULT_CONFIG: Config = {
  version: 1,
  ignore: [],
  foreign: [],
  stores: {},
  audit: { exact: false, timeout: 120, disable: [] },
};
