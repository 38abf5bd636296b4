/** The library: the stages of desprawl as functions over plain data. The command line uses nothing else. */
export { type AuditOptions, audit, type Progress } from './audit/audit.ts';
export { diff } from './audit/diff.ts';
export type * from './audit/diff-model.ts';
export type * from './audit/model.ts';
export { type Config, DEFAULT_CONFIG } from './config/config.ts';
export { readConfig } from './config/read-config.ts';
export { DesprawlError, type ErrorCode, EXIT } from './errors.ts';
export { type AuditDocument, auditDocument, type ErrorDocument } from './report/json.ts';
export type * from './stores/model.ts';
