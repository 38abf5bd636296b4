/** Which texts may name a store: decides what is looked at more closely, never what is reported. */
import { STORE_NAME } from '../stores/store-name.ts';

const URL =
  /^(?:sqlite|sqlite3|file|postgres|postgresql|mysql|mariadb|mssql|oracle|mongodb|duckdb|libsql|jdbc|pgsql)(?:\+\w+)?:/i;
const TEXT_STORE = /\.(?:csv|tsv|jsonl|ndjson|json)$/i;
/** A dotted name is no file: `packages.db.models`, `self.db` (trap C23). */
const PATH = /^[^\s'"`<>|*?;=(),]+$/;

/** A database URL, or a path whose name is that of a store (`STORE_NAME`), CSV or JSON. Holes as `{}`. */
export function mayNameStore(text: string): boolean {
  if (text.length < 4 || text.length > 400 || text.includes('\n')) return false;
  if (URL.test(text)) return true;
  const path = text.replace(/\?.*$/, '');
  if (!PATH.test(path)) return false;
  const base = path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1);
  return (STORE_NAME.test(base) || TEXT_STORE.test(base)) && !/^\.\w+$/.test(base);
}

/** Cheap test of a whole file: has anything in it to do with stores? Generous, since it only saves time. */
export const CONCERNS_STORES: RegExp =
  /sqlite|\.db\b|\.s3db|\.csv\b|\.jsonl\b|database|datasource|engine|environ|getenv|process\.env|import\.meta\.env|prisma|knex|sequelize|drizzle|typeorm|mongoose|mongodb|redis|psycopg|asyncpg|aiosqlite|pymysql|mysql|mariadb|postgres|PDO|mysqli|create\s+table|insert\s+into|delete\s+from|drop\s+table|alter\s+table|truncate|select\s[\s\S]{1,200}?\sfrom\s|__tablename__|models\.Model|objects\.|\.execute\(|\.query\(|to_sql|read_sql|json\.dump|writeFile|DictWriter|rmtree|unlink|os\.remove|argparse|commander/i;
