/** What command lines do to stores: tools of migration, copying, removal. By their words alone. */
import { mayNameStore } from '../names-store.ts';
import type { Act } from './model.ts';

interface CommandRule {
  /** Tested against the words, joined by single spaces, without what stands before the program. */
  readonly matches: RegExp;
  readonly does: Act['does'];
  readonly destructive?: true;
  /** One of the words names a store. */
  readonly store?: true;
}

const rule = (does: Act['does'], matches: RegExp, store?: true): CommandRule => ({
  does,
  matches,
  ...(store ? { store } : {}),
});
const wipes = (matches: RegExp, store?: true): CommandRule => ({ ...rule('wipe', matches, store), destructive: true });

/** The first that matches counts. */
const RULES: readonly CommandRule[] = [
  wipes(/^prisma migrate reset\b|^prisma db push\b.* --(?:force-reset|accept-data-loss)\b/),
  wipes(/^(?:alembic|flask db) downgrade\b|^(?:knex|npx knex) migrate:rollback\b/),
  wipes(/^(?:sequelize|sequelize-cli) db:(?:drop|migrate:undo:all)\b|^typeorm schema:drop\b|^drizzle-kit drop\b/),
  wipes(/\bmanage\.py (?:flush|reset_db|sqlflush|migrate \w+ zero)\b/),
  wipes(/\bartisan (?:migrate:(?:fresh|refresh|reset)|db:wipe)\b/),
  wipes(/^(?:rails|rake) db:(?:drop|reset)\b|^(?:bin\/console )?doctrine:(?:database|schema):drop\b/),
  wipes(/^dropdb\b|^redis-cli\b.* flush(?:all|db)\b|^supabase db reset\b|^mysqladmin\b.* drop\b/i),
  wipes(/^docker(?:-compose| compose)\b.* down\b.* (?:-v|--volumes)\b|^docker volume (?:rm|prune)\b/),
  wipes(/^(?:rm|unlink|shred|truncate|del|trash)\b/, true),
  wipes(/^find\b.* -delete\b/, true),
  rule('define', /^prisma (?:migrate (?:deploy|dev)|db push)\b|^alembic upgrade\b|^flask db (?:upgrade|migrate)\b/),
  rule(
    'define',
    /^knex migrate:(?:latest|up)\b|^(?:sequelize|sequelize-cli) db:migrate\b|^typeorm (?:migration:run|schema:sync)\b/,
  ),
  rule(
    'define',
    /^drizzle-kit (?:push|migrate)\b|\bmanage\.py (?:migrate|syncdb)\b|\bartisan migrate\b|^(?:rails|rake) db:migrate\b|^supabase db push\b|^createdb\b/,
  ),
  rule(
    'seed',
    /^prisma db seed\b|^knex seed:run\b|^(?:sequelize|sequelize-cli) db:seed|\bmanage\.py (?:loaddata|seed)\b|\bartisan db:seed\b|^(?:rails|rake) db:seed\b/,
  ),
  rule(
    'copy',
    /^(?:pg_dump|pg_dumpall|mysqldump|mariadb-dump|mongodump|litestream)\b|^(?:sqlite3|sqlite)\b.* \.(?:dump|backup|clone)\b|\bmanage\.py dumpdata\b/,
  ),
  rule(
    'restore',
    /^(?:pg_restore|mongorestore|mysqlimport|pgloader)\b|^(?:sqlite3|sqlite)\b.* \.(?:restore|import)\b|^psql\b.* (?:-f|--file)\b/,
  ),
  rule('copy', /^(?:cp|rsync|scp|tar|gzip|zip|install|copy|aws s3 (?:cp|sync)|rclone (?:copy|sync))\b/, true),
  rule(
    'check',
    /^(?:pg_isready|mysqladmin\b.* (?:ping|status))\b|^prisma (?:validate|migrate status)\b|^alembic (?:current|check|history)\b|\bmanage\.py (?:check|showmigrations)\b/,
  ),
  // Rows for a file; else a query on a command line prints what it finds.
  rule(
    'write-file',
    /^sqlite3?\b.* (?:-csv|-json|\.output|\.once|\.mode (?:csv|json|insert))\b|^psql\b.* \\copy\b.* to\b/i,
  ),
  rule('ask', /^(?:sqlite3?|duckdb)\b.* pragma (?:integrity_check|quick_check|foreign_key_check)\b/i),
  rule('ask', /^(?:sqlite3?|duckdb|psql|mysql|mariadb)\b.* select\s/i),
  rule(
    'serve',
    /^(?:uvicorn|gunicorn|hypercorn|daphne|granian|waitress-serve|next (?:start|dev)|vite$|nodemon|flask run|celery\b.* (?:worker|beat))\b|\bmanage\.py runserver\b|\bartisan serve\b|^php -S\b/,
  ),
];

const BEFORE =
  /^(?:(?:sudo|exec|nohup|time|npx|bunx|pnpm|yarn|npm|dlx|exec|run|poetry|pipenv|uv|bundle|env|--yes|-y|--|python[\d.]*|-m)\s+)+/;

/** `undefined` where the words do nothing that is known here. */
export function commandAct(words: readonly string[], line: number): Act | undefined {
  const program = (words[0] ?? '').replace(/^.*\//, '');
  const joined = [program, ...words.slice(1)].join(' ').slice(0, 500);
  const plain = joined.replace(BEFORE, '').replace(/^(?:\.\/)?(?:node_modules\/|vendor\/)?\.?bin\//, '');
  for (const { matches, does, destructive, store } of RULES) {
    if (!matches.test(plain)) continue;
    const named = store === undefined ? undefined : words.slice(1).find(isStore);
    if (store !== undefined && named === undefined) continue;
    const text = named === undefined ? (matches.exec(plain)?.[0] ?? program) : `${program} … ${named}`;
    return { does, line, text: text.slice(0, 80), ...(destructive === undefined ? {} : { destructive }) };
  }
  return undefined;
}

/** `data/*.db` as well: what a shell would fill in stands for a name. */
function isStore(word: string): boolean {
  const plain = word.replace(/\$\{?\w+\}?|\*/g, 'x');
  return (
    !plain.startsWith('-') &&
    !plain.includes('://') &&
    /\.(?:db|sqlite3?|db3|s3db|duckdb|mdb)(?:-(?:wal|shm|journal))?$/i.test(plain) &&
    mayNameStore(plain.replace(/-(?:wal|shm|journal)$/, ''))
  );
}
