/**
 * What a script is for, by what it does (trap C17): five migrations, four resets and three health checks of one project share no
 * text, and their names lie. Asked of any file; whether a file is a script is for the caller to know.
 */
import type { Expr, FileFacts, SqlUse } from '../facts.ts';
import { dottedName, rootsOf, walkExpr } from '../walk-expr.ts';
import { callAct, isStoreText, textsIn } from './call-acts.ts';
import { commandAct } from './command-acts.ts';
import { guardsOf } from './guards.ts';
import type { Act, Mark, Role, RoleFound } from './model.ts';

/** Evidence that a report can use; a script of 5,000 statements repeats itself. */
const MOST_EVIDENCE = 20;

/** `text`: of a shell script, whose conditions are not among its facts. */
export function rolesOf(facts: FileFacts, text?: string): readonly RoleFound[] {
  const acts = actsOf(facts);
  const roles = rolesFrom(acts, facts);
  if (roles.length === 0) return [];
  const guards = guardsOf(facts, text);
  return roles.map(({ role, because }) => ({
    role,
    evidence: [...because]
      .sort((x, y) => x.line - y.line)
      .slice(0, MOST_EVIDENCE)
      .map(({ line, text: what }): Mark => ({ line, text: what })),
    destructive: because.some(({ destructive }) => destructive === true),
    guards,
  }));
}

/** `DB_PATH`, `self.db_file`, `databasePath`. */
const SOUNDS_LIKE_STORE =
  /(?:^|[._])(?:db|database|sqlite)_?(?:path|file|filename|name)?$|(?:db|Db|DB|[dD]atabase|[sS]qlite)(?:Path|File|FileName)$/i;
/** What takes a migration back is nobody's purpose. */
const TAKES_BACK = /^(?:downgrade|down|rollback|revert|undo|reverse)$/;

/** Everything that the file does to stores, by line. */
export function actsOf(facts: FileFacts): readonly Act[] {
  const acts: Act[] = [];
  for (const use of facts.sql) acts.push(...sqlAct(use));
  for (const { words, at, weak } of facts.commands) {
    const act = weak === true ? undefined : commandAct(words, at[2]);
    if (act !== undefined) acts.push(act);
  }
  const values = valuesByName(facts);
  const valuesOf = (name: string): readonly Expr[] => values.get(name) ?? [];
  for (const { value, line } of rootsOf(facts)) {
    // What holds is seen before what it holds: `db.delete(x).where(…)` before `db.delete(x)`.
    const filtered = new Set<Expr>();
    walkExpr(value, (expr) => {
      if (expr.k === 'sql') for (const use of expr.uses) acts.push(...sqlAct(use));
      if (expr.k === 'member' && /^(?:where|filter|filter_by|andWhere|whereIn)$/.test(expr.v)) filtered.add(expr.of);
      if (expr.k !== 'call') return;
      const name = dottedName(expr.fn);
      let known: ReturnType<typeof textsIn> | undefined;
      const found = (): ReturnType<typeof textsIn> => {
        known ??= textsIn(
          { k: 'list', items: [...expr.args, ...(expr.fn.k === 'member' ? [expr.fn.of] : [])] },
          valuesOf,
        );
        return known;
      };
      const act = callAct({
        language: facts.language,
        call: expr,
        name,
        line: expr.at[2] ?? line,
        filteredLater: filtered.has(expr),
        get stores() {
          return found().texts.filter(isStoreText);
        },
        get soundsLikeStore() {
          return expr.args.some((arg) => SOUNDS_LIKE_STORE.test(dottedName(arg)));
        },
        names: (pattern) => found().texts.some((one) => pattern.test(one)),
      });
      if (act !== undefined) acts.push(act);
    });
  }
  return acts.filter(({ line }) => !isTakenBack(line, facts)).sort((x, y) => x.line - y.line);
}

function isRevision({ exports }: FileFacts): boolean {
  return exports.some(({ name }) => name === 'upgrade' || name === 'up');
}

function isTakenBack(line: number, facts: FileFacts): boolean {
  if (!isRevision(facts)) return false;
  return facts.scopes.some(
    ({ kind, name, at, lastLine }) => kind === 'function' && TAKES_BACK.test(name) && line >= at[2] && line <= lastLine,
  );
}

function valuesByName(facts: FileFacts): ReadonlyMap<string, readonly Expr[]> {
  const values = new Map<string, Expr[]>();
  for (const { to, value } of rootsOf(facts)) {
    if (to === undefined) continue;
    const list = values.get(to);
    if (list === undefined) values.set(to, [value]);
    else if (list.length < 10) list.push(value);
  }
  return values;
}

function sqlAct({ verb, access, table, line, unfiltered }: SqlUse): readonly Act[] {
  const text = `${verb.toUpperCase()} ${table}`.trim();
  if (/^(?:drop (?:table|database|schema|column)|truncate)/.test(verb))
    return [{ does: 'wipe', line, text, destructive: true }];
  if (verb === 'delete') {
    return unfiltered === true
      ? [{ does: 'wipe', line, text: `${text} without WHERE`, destructive: true }]
      : [{ does: 'delete', line, text }];
  }
  if (/^(?:insert|replace|copy|load|merge)/.test(verb)) return [{ does: 'insert', line, text }];
  if (verb === 'update') return [{ does: 'update', line, text }];
  if (access === 'ddl') return [{ does: 'define', line, text }];
  if (/^pragma/.test(verb) || access === 'read') return [{ does: 'read', line, text }];
  return [];
}

interface Reason {
  readonly role: Role;
  readonly because: readonly Act[];
}

function rolesFrom(acts: readonly Act[], facts: FileFacts): readonly Reason[] {
  const of = (...kinds: readonly Act['does'][]): readonly Act[] => acts.filter(({ does }) => kinds.includes(does));
  const wipes = of('wipe');
  const defines = of('define');
  const writes = of('insert', 'update');
  const asks = of('ask');
  const reads = of('read');
  const opens = of('open');
  const found: Reason[] = [];
  const add = (role: Role, because: readonly Act[]): void => {
    if (because.length > 0) found.push({ role, because });
  };
  // SQLite changes a table by making another one and dropping the first: that is a migration that drops.
  const rebuilds = defines.some(({ text }) => /^ALTER /.test(text)) || isRevision(facts);
  const dropped = rebuilds
    ? wipes.filter(({ text }) => /^DROP (?:TABLE|COLUMN) |drop_table\(|dropTable/.test(text))
    : [];
  // What a script drops and makes again it empties.
  const emptied = new Set(wipes.flatMap(({ text }) => /^DROP TABLE (.+)$/.exec(text)?.[1] ?? []));
  const isRemade = ({ text }: Act): boolean => emptied.has(/^CREATE TABLE (.+)$/.exec(text)?.[1] ?? '');
  add('migrate', [...(rebuilds ? defines : defines.filter((act) => !isRemade(act))), ...dropped]);
  add(
    'reset',
    wipes.filter((act) => !dropped.includes(act)),
  );
  const fromFiles = of('read-file', 'restore', 'fetch');
  const toFiles = of('write-file');
  const inserts = of('insert');
  const restores = of('restore');
  if (restores.length > 0 || (fromFiles.length > 0 && inserts.length > 0)) add('import', [...fromFiles, ...inserts]);
  // Two stores are opened, one is read, one is written.
  const carries =
    opens.length >= 2 && new Set(opens.map(({ line }) => line)).size >= 2 && reads.length > 0 && inserts.length > 0;
  if (carries) add('sync', [...opens, ...reads, ...inserts]);
  const made = of('seed');
  const isSeed =
    made.some(({ text }) => !/^(?:fake|faker|Faker)\b|\.faker\./.test(text)) ||
    (inserts.length > 0 && (made.length > 0 || hasRows(facts)));
  if (isSeed && !carries && fromFiles.length === 0) add('seed', [...made, ...inserts]);
  add('backup', of('copy'));
  if (toFiles.length > 0 && reads.length > 0) add('export', [...toFiles, ...reads]);
  add('cleanup', wipes.length > 0 ? [] : of('delete'));
  add('start', of('serve'));
  const checks = of('check');
  const changesNothing =
    [...wipes, ...defines, ...writes, ...toFiles, ...of('delete', 'copy', 'restore', 'seed', 'serve')].length === 0;
  const looks = of('say').length > 0 && reads.length > 0 ? reads : asks;
  if (checks.length > 0 || (changesNothing && looks.length > 0)) add('check', checks.length > 0 ? checks : looks);
  return found;
}

/** Two rows or more stand in the code: `[{ name: 'Ana' }, { name: 'Bo' }]`, `[("Ana", 1), …]`. */
function hasRows(facts: FileFacts): boolean {
  let found = false;
  for (const { value } of rootsOf(facts)) {
    if (found) return true;
    walkExpr(value, (expr) => {
      if (expr.k !== 'list' || expr.items.length < 2) return;
      if (expr.items.filter(isRow).length >= 2) found = true;
    });
  }
  return found;
}

function isRow(expr: Expr): boolean {
  if (expr.k === 'map') return expr.entries.some(([, value]) => value.k === 'text' || value.k === 'number');
  if (expr.k === 'list')
    return (
      expr.items.length > 1 && expr.items.some(({ k }) => k === 'text') && expr.items.every(({ k }) => k !== 'unknown')
    );
  return expr.k === 'call' && Object.values(expr.named ?? {}).some(({ k }) => k === 'text');
}
