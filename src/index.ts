/** The library: the stages of desprawl as functions over plain data. The command line uses nothing else. */
export { type AuditOptions, audit, type Progress } from './audit/audit.ts';
export { diff } from './audit/diff.ts';
export type * from './audit/diff-model.ts';
export type * from './audit/model.ts';
export { DesprawlError, type ErrorCode, EXIT } from './errors.ts';
export type * from './stores/model.ts';
