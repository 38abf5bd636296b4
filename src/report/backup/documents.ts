/** The documents of `backup … --json`: what was done or, with `dryRun`, what would be. The published schema is made of these types. */
import type { RecordedPath } from '../../disk/paths.ts';
import type { Standing } from '../../vault/checks.ts';
import type { BackupSummary } from '../../vault/list.ts';
import type { BackupCheck, ManifestFile, ManifestStore, VerifiedLevel } from '../../vault/model.ts';

interface EveryDocument {
  readonly version: 1;
  /** Nothing was written. */
  readonly dryRun: boolean;
}

export interface BackupCreated extends EveryDocument {
  readonly command: 'create';
  /** `null` in a dry run. */
  readonly id: string | null;
  readonly vault: string;
  readonly keep: 'forever' | null;
  readonly files: number;
  /** Paths of stores in a dry run, where nothing is known of what is in them. */
  readonly stores: readonly (ManifestStore | { readonly store: RecordedPath })[];
  readonly bytes: number;
  /** What the vault grew by. */
  readonly new: number;
  readonly free: number;
  /** `null` in a dry run. */
  readonly level: VerifiedLevel | null;
  readonly notTaken: readonly { readonly path: RecordedPath; readonly why: string }[];
  readonly seconds: number;
}

export interface BackupList extends EveryDocument {
  readonly command: 'list';
  readonly vault: string;
  readonly backups: readonly BackupSummary[];
  readonly damaged: readonly { readonly id: string; readonly problem: string }[];
  /** Of all contents, also those that no backup names. */
  readonly bytes: number;
  /** What `backup prune` would free now. */
  readonly prunable: number;
}

export interface BackupShown extends EveryDocument {
  readonly command: 'list';
  readonly backup: BackupSummary;
  readonly files: readonly ManifestFile[];
  readonly stores: readonly ManifestStore[];
  readonly notTaken: readonly { readonly path: RecordedPath; readonly why: string }[];
}

export interface BackupVerified extends EveryDocument {
  readonly command: 'verify';
  /** No backup has a problem. */
  readonly ok: boolean;
  readonly backups: readonly VerifiedOne[];
}

export interface VerifiedOne {
  readonly id: string;
  /** What was checked. */
  readonly level: VerifiedLevel;
  readonly problems: BackupCheck['problems'];
  readonly stores: BackupCheck['stores'];
  /** Without restoring. */
  readonly seconds: number;
  /** Left out where none was asked for; in a dry run without `seconds`. */
  readonly rehearsal?: { readonly files: number; readonly bytes: number; readonly seconds?: number };
}

export interface BackupRestored extends EveryDocument {
  readonly command: 'restore';
  readonly id: string;
  readonly to: string;
  readonly files: number;
  readonly bytes: number;
  /** Files whose owner is another than before. */
  readonly otherOwner: readonly RecordedPath[];
  readonly verified: Standing;
  readonly seconds: number;
}

export interface BackupPruned extends EveryDocument {
  readonly command: 'prune';
  readonly removed: readonly { readonly id: string; readonly at: string }[];
  readonly kept: readonly { readonly id: string; readonly why: string }[];
  /** Contents that nothing needs. */
  readonly contents: number;
  readonly bytes: number;
  /** Why no content goes; `null`: they do. */
  readonly allContentsStay: string | null;
}

export type BackupDocument = BackupCreated | BackupList | BackupShown | BackupVerified | BackupRestored | BackupPruned;
