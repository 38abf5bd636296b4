/** Rows that are not carried over, each with the rule: they stay in their store, and the ledger says so. */
import type { RetainedRule } from '../model.ts';
import { changes, mayChange } from './cells.ts';
import { type Engine, isRow, newOf, oldOf, type Part, rowsOf, undecided } from './model.ts';
import { leadsToRetained } from './parents.ts';
import { addressSql } from './shape.ts';

/** Rows that nothing was said of yet and that the condition, on `x`, holds for. */
export function retain(engine: Engine, part: Part, rule: RetainedRule, detail: string | null, condition: string): void {
  const nothing = newOf(part).map(() => 'NULL');
  engine.db.exec(
    `INSERT INTO ${rowsOf(part)} SELECT ${[...addressSql(part.shape, 'x'), '4', ...nothing, engine.rule(rule, detail)].join(', ')} FROM ${part.shape.sql} x WHERE ${undecided(part, 'x')} AND ${condition}`,
  );
  count(engine, part);
}

/** Rows that have met one of the target, all the same. `condition` is on the ledger's row, `r`. */
export function retainMet(
  engine: Engine,
  part: Part,
  rule: RetainedRule,
  detail: string | null,
  condition: string,
): void {
  const gone = newOf(part).map((name) => `${name} = NULL`);
  engine.db.exec(
    `UPDATE ${rowsOf(part)} AS r SET presence = 4, ${gone.join(', ')}, rule = ${engine.rule(rule, detail)} WHERE r.presence <> 4 AND ${condition}`,
  );
  count(engine, part);
}

/** Reads what the ledger holds of this part so far. */
export function count({ db }: Engine, part: Part): void {
  const [lines = 0n, retained = 0n, placed = 0n] =
    db.row(
      `SELECT count(*), count(*) FILTER (WHERE presence = 4), count(*) FILTER (WHERE presence = 1) FROM ${rowsOf(part)}`,
    ) ?? [];
  part.state.listed = lines !== 0n;
  part.state.placed = placed !== 0n;
  part.state.retained = Number(retained);
}

/** Children of retained rows, and their children: until nobody is added. */
export function retainChildren(engine: Engine, parts: readonly Part[]): void {
  for (let more = true; more; ) {
    more = false;
    for (const part of parts) {
      const condition = leadsToRetained(part, 'x');
      if (condition === null) continue;
      const before = part.state.retained;
      retain(engine, part, 'parent-retained', null, condition);
      const same = `EXISTS (SELECT 1 FROM ${part.shape.sql} x WHERE ${isRow(part, 'r', 'x')} AND ${condition})`;
      retainMet(engine, part, 'parent-retained', null, same);
      more ||= part.state.retained > before;
    }
  }
}

/** What the target demands and the source has not, and what a column would turn into something else. */
export function retainUnfit(engine: Engine, part: Part): void {
  const { shape, spec } = part.target;
  for (const { name, notNull, hasDefault, generated } of shape.columns) {
    const isNumber = name === spec.surrogate || name === shape.rowidColumn;
    if (!notNull || hasDefault || generated || isNumber || part.spec.columns[name] !== undefined) continue;
    retain(engine, part, 'required-column', name, '1');
  }
  for (const { name } of spec.columns) {
    if (name === spec.surrogate || !mayChange(part, name)) continue;
    retain(engine, part, 'would-change', name, changes(part, name, 'x'));
  }
}

/** A row that meets one row by its identity and another one by another key of the table. */
export function retainTwoMatches(
  engine: Engine,
  part: Part,
  sameAs: (columns: readonly string[]) => string | null,
): void {
  const { shape, spec } = part.target;
  for (const { columns } of shape.unique) {
    if (columns.includes(spec.surrogate ?? '') || isIdentity(spec.identity, columns)) continue;
    const same = sameAs(columns);
    if (same === null) continue;
    const other = `SELECT 1 FROM ${part.shape.sql} x CROSS JOIN ${shape.sql} z ON ${same} WHERE ${isRow(part, 'r', 'x')} AND NOT (${addressSql(
      shape,
      'z',
    )
      .map((address, i) => `${address} = r.${newOf(part)[i]}`)
      .join(' AND ')})`;
    retainMet(engine, part, 'two-matches', columns.join(', '), `r.presence = 2 AND EXISTS (${other})`);
  }
}

function isIdentity(identity: Part['target']['spec']['identity'], columns: readonly string[]): boolean {
  return (
    identity.kind === 'key' &&
    identity.columns.length === columns.length &&
    identity.columns.every((name) => columns.includes(name))
  );
}

/** Rows that share what only one may have: all but the first of each, by `groups`, a list of expressions on `x` or `r`. */
export function retainDoubles(
  engine: Engine,
  part: Part,
  met: boolean,
  groups: readonly string[],
  condition: string,
): void {
  const { db } = engine;
  const old = oldOf(part);
  const [from, address] = met
    ? [`${rowsOf(part)} r WHERE r.presence = 2`, old.map((name) => `r.${name}`)]
    : [`${part.shape.sql} x WHERE ${undecided(part, 'x')}`, addressSql(part.shape, 'x')];
  const ranked = `SELECT ${address.map((one, i) => `${one} AS ${old[i]}`).join(', ')}, row_number() OVER (PARTITION BY ${groups.join(', ')} ORDER BY ${address.join(', ')}) AS n FROM ${from} AND ${condition}`;
  db.exec(
    `DROP TABLE IF EXISTS temp.doubles; CREATE TEMP TABLE doubles AS SELECT ${old.join(', ')} FROM (${ranked}) WHERE n > 1`,
  );
  if (db.row('SELECT 1 FROM temp.doubles LIMIT 1') === undefined) return;
  const isDouble = (columns: readonly string[]): string =>
    `(${columns.join(', ')}) IN (SELECT ${old.join(', ')} FROM temp.doubles)`;
  if (met) retainMet(engine, part, 'two-matches', null, isDouble(old.map((name) => `r.${name}`)));
  else retain(engine, part, 'two-matches', null, isDouble(address));
}
