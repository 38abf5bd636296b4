/**
 * Names of variables that lead a program of the project to its stores: what bindings say they depend on, what code reads and is set to
 * the address of a store, and what clients of databases read by themselves. A check gets none of them unless they lead into its copy.
 */
import type { Code } from '../audit/code-model.ts';

const NAMED = /^(\w+) is set/;
/** Read by libpq, by clients of MySQL and MariaDB, by those of Redis and MongoDB. */
const CLIENTS = /^(?:PG[A-Z]+|MYSQL_\w+|MARIADB_\w+|REDIS\w*_UR[IL]|REDIS_HOST|MONGO\w*_UR[IL]|MONGO_HOST)$/;
const ADDRESS =
  /^(?:postgres(?:ql)?|mysql|mariadb|mongodb|redis|rediss|sqlite|file|libsql|mssql|oracle)(?:[+\w]*):|\.(?:db|sqlite3?|db3|duckdb)$/i;
const STORE_NAME = /(?:^|_)(?:DB|DATABASE|SQLITE|DSN|SQLALCHEMY)(?:_|$)/i;

export function storeVariablesOf(
  code: Pick<Code, 'bindings' | 'variables'>,
  env: Readonly<Record<string, string | undefined>>,
): ReadonlySet<string> {
  const found = new Set<string>();
  for (const { assumes, changesIf } of code.bindings) {
    for (const sentence of [...assumes, ...changesIf]) {
      const name = NAMED.exec(sentence)?.[1];
      if (name !== undefined) found.add(name);
    }
  }
  const read = new Set(code.variables.filter(({ kind }) => kind === 'read').map(({ name }) => name));
  for (const [name, value] of Object.entries(env)) {
    if (CLIENTS.test(name) || (read.has(name) && (STORE_NAME.test(name) || ADDRESS.test(value ?? '')))) found.add(name);
  }
  return found;
}
