/** Which columns of a store hold password hashes, passwords or tokens: names and shapes only, never a value. */
import type { Store } from '../stores/model.ts';
import type { TableRef } from './model.ts';

export interface CredentialColumn extends TableRef {
  readonly column: string;
  readonly what: 'password hash' | 'password' | 'token';
}

/** Text under such a name is a password even where it has not the shape of a hash. */
const PLAIN_PASSWORD = /^(pass(word|wd|phrase)?|pwd)$/i;

export function credentialColumns(store: Store): readonly CredentialColumn[] {
  return store.tables.flatMap((table) => {
    if (table.kind !== 'table' || table.rows === null || table.rows === 0) return [];
    return table.columns.flatMap(({ name, profile }) => {
      const what =
        profile?.shape === 'password-hash'
          ? 'password hash'
          : profile?.shape === 'token'
            ? 'token'
            : profile?.shape === 'text' && PLAIN_PASSWORD.test(name)
              ? 'password'
              : undefined;
      return what === undefined ? [] : [{ store: store.id, table: table.name, column: name, what } as const];
    });
  });
}

/** Is this column of that table one of them? */
export function isCredential(columns: readonly CredentialColumn[], table: string, column: string): boolean {
  return columns.some((one) => one.table === table && one.column === column);
}

/** `password hashes (users.password), tokens (sessions.token)`. */
export function describeCredentials(columns: readonly CredentialColumn[]): string {
  const kinds = [
    ['password hash', 'password hashes'],
    ['password', 'passwords'],
    ['token', 'tokens'],
  ] as const;
  return kinds
    .flatMap(([what, plural]) => {
      const where = columns.filter((one) => one.what === what).map((one) => `${one.table}.${one.column}`);
      return where.length === 0 ? [] : [`${plural} (${[...new Set(where)].join(', ')})`];
    })
    .join(', ');
}
