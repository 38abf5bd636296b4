/** What the vault holds and what it is asked; the formats are those of `docs/vault.md`. */
import type { File, Path } from '../disk/disk.ts';
import type { Digest } from '../disk/hash-file.ts';
import type { FileState, FolderState, LinkState } from '../disk/path-state.ts';
import type { RecordedPath } from '../disk/paths.ts';

/** `opened`: the file itself, open already. */
export type Source =
  | { readonly file: Path; readonly opened?: File }
  | { readonly open: File }
  | { readonly bytes: Uint8Array };

/** Contents by their SHA-256. One that is there is whole, on the disk, and never changes. */
export interface Objects {
  /** By its name only; `verify` reads it. */
  has(sha256: string): boolean;
  /**
   * Durable and read back on return, also where it was there already. `hashFirst`: for a file whose content is probably there: it is
   * read once more and nothing is written. Throws what the disk throws; then nothing is left behind.
   */
  put(source: Source, options?: { readonly hashFirst?: boolean }): Digest;
  /** The same for many small contents, whose fsyncs go side by side; the digests are in their order. */
  putAll(sources: Iterable<Uint8Array>): Promise<readonly Digest[]>;
  /** To be read, and closed by the caller. Throws `DSP-VAULT-DAMAGED` where it is missing. */
  open(sha256: string): File;
  /** Reads it as a whole: has it the hash of its name? `false` also where it is missing. */
  verify(sha256: string): boolean;
}

export type ManifestFile = { readonly path: RecordedPath; readonly store?: RecordedPath } & (
  | Required<FileState>
  | LinkState
);

export type ManifestFolder = { readonly path: RecordedPath } & Required<FolderState>;

/** How the bytes of a store were taken. */
export type Taken = 'excluded' | 'between-equal-stamps' | 'static';

export interface ManifestStore {
  readonly store: RecordedPath;
  readonly taken: Taken;
  /** One file that opens by itself; left out where none could be made, with the reason in `notVerified`. */
  readonly snapshot?: { readonly sha256: string; readonly bytes: number };
  /** Counted in the snapshot. */
  readonly tables: readonly { readonly name: string; readonly rows: number }[];
  /** Tables that SQLite cannot count: a function or collation of its own program is missing. */
  readonly notCounted?: readonly { readonly name: string; readonly why: string }[];
  readonly notVerified?: string;
}

export interface ProjectMark {
  readonly root: string;
  /** `null` in no repository. */
  readonly git: { readonly head: string | null; readonly branch: string | null } | null;
}

export type BackupReason =
  | { readonly kind: 'run'; readonly run: string }
  | { readonly kind: 'create' }
  | { readonly kind: 'kept'; readonly run: string }
  | { readonly kind: 'archive'; readonly run: string; readonly action: string };

export interface Manifest {
  readonly version: 1;
  readonly id: string;
  readonly at: string;
  readonly tool: string;
  readonly why: BackupReason;
  readonly keep: 'forever' | null;
  readonly project: ProjectMark;
  readonly files: readonly ManifestFile[];
  /** Those that the files lie in. */
  readonly folders: readonly ManifestFolder[];
  readonly stores: readonly ManifestStore[];
  /** What was asked for and is not in it. */
  readonly notTaken: readonly { readonly path: RecordedPath; readonly why: string }[];
  /** `new`: what the vault did not hold before. */
  readonly bytes: { readonly files: number; readonly new: number };
}

export type VerifiedLevel = 'bytes' | 'opens' | 'contents' | 'rehearsed';

/** `checks/<id>-<nnnn>.json`: what a verification of a backup found. */
export interface BackupCheck {
  readonly version: 1;
  readonly backup: string;
  readonly at: string;
  readonly level: VerifiedLevel;
  readonly seconds: number;
  /** Empty: it is good. */
  readonly problems: readonly { readonly path: RecordedPath; readonly what: string }[];
  /** Level `contents`: what SQLite says of the snapshots. A store that was damaged when it was taken is, and that is no problem of the backup. */
  readonly stores: readonly StoreCheck[];
}

export interface StoreCheck {
  readonly store: RecordedPath;
  /** `ok`, or the first of SQLite's messages. */
  readonly integrity: string;
  /** Rows whose foreign key leads nowhere. */
  readonly brokenReferences: number;
}

/** A store that a child process keeps everybody else out of. */
export interface HeldStore {
  readonly store: Path;
  /** The child lives and has its locks: asked before each change. */
  isHeld(): boolean;
  /** Of the child, which has the store open as well. */
  readonly pid?: number;
  /** Kills the child: closing would checkpoint the WAL. */
  release(): Promise<void>;
}
