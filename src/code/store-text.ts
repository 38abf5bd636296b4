/** Texts of settings and commands that may name a store. */
import { mayNameStore } from './names-store.ts';

/** `postgres:16-alpine` is an image of a database, not a database. */
const IMAGE = /^(?:postgres(?:ql)?|mysql|mariadb|mongodb|oracle|mssql|duckdb|libsql):[\w.-]+(?:@sha256:\w+)?$/i;

export function namesStore(text: string): boolean {
  return mayNameStore(text) && !IMAGE.test(text);
}
