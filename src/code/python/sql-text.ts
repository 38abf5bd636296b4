/** Texts that are SQL become what they do. What is put together by `+`, `%` and `format` is looked at as a whole. */
import type { Expr } from '../facts.ts';
import { analyseSql, looksLikeSql } from '../sql/analyse.ts';

/** Shorter than `DROP TABLE a`, it names no table. */
const SHORTEST = 10;

/** `text` as SQL, or nothing. `holes`: how the text leaves places open. */
function asSql(
  text: string,
  at: Expr & { readonly at: readonly [number, number, number] },
  holes?: 'percent' | 'format',
): Expr | undefined {
  if (text.length < SHORTEST) return undefined;
  const filled =
    holes === 'percent'
      ? text.replace(/%(?:\(\w+\))?[sdrif]/g, '?')
      : holes === 'format'
        ? text.replace(/\{[\w.[\]]*(?:![rsa])?(?::[^{}]*)?\}/g, '?')
        : text;
  return looksLikeSql(filled) ? { k: 'sql', uses: analyseSql(filled, at.at[2]), at: at.at } : undefined;
}

/** The expressions that stand in the holes of what became SQL are handed to `aside`: there may be calls in them. */
export function settle(expr: Expr, aside: (hole: Expr) => void, holes?: 'percent' | 'format'): Expr {
  if (expr.k === 'text') return asSql(expr.v, expr, holes) ?? expr;
  if (expr.k === 'concat') {
    const sql = asSql(expr.parts.map((part) => (part.k === 'text' ? part.v : '?')).join(''), expr, holes);
    if (sql === undefined) return expr;
    for (const part of expr.parts) if (part.k !== 'text') aside(part);
    return sql;
  }
  if (expr.k !== 'op') return expr;
  if (expr.op === '%' && expr.b !== undefined) {
    const a = settle(expr.a, aside, 'percent');
    return a === expr.a ? expr : { ...expr, a };
  }
  return expr.op === '+' ? (joined(expr, aside) ?? expr) : expr;
}

/** `"SELECT … " + columns + " FROM t"`. */
function joined(expr: Expr, aside: (hole: Expr) => void): Expr | undefined {
  const operands: Expr[] = [];
  let left: Expr = expr;
  while (left.k === 'op' && left.op === '+' && left.b !== undefined) {
    operands.push(left.b);
    left = left.a;
  }
  operands.push(left);
  operands.reverse();
  const texts = operands.filter((operand) => operand.k === 'text' || operand.k === 'concat');
  const [first] = texts;
  if (first === undefined || operands.indexOf(first) > 1) return undefined;
  const holes: Expr[] = [];
  const written = operands.map((operand) => {
    if (operand.k === 'text') return operand.v;
    const parts = operand.k === 'concat' ? operand.parts : [operand];
    return parts
      .map((part) => {
        if (part.k === 'text') return part.v;
        holes.push(part);
        return '?';
      })
      .join('');
  });
  const at = (texts.at(-1) as typeof first).at;
  const sql = asSql(written.join(''), { ...first, at: [first.at[0], at[1], first.at[2]] });
  if (sql !== undefined) for (const hole of holes) aside(hole);
  return sql;
}
