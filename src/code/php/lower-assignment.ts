/** Assignments: to variables, properties, entries of arrays, and to several at once. */
import type { Expr } from '../facts.ts';
import { addInclude, lower } from './lower-expression.ts';
import { nameOf, nodeOf, type PhpNode, textOf } from './parse.ts';
import { addAssign, type Lowering, spanOf } from './state.ts';

/** Records it and gives its value. */
export function lowerAssignment(state: Lowering, node: PhpNode): Expr {
  const left = nodeOf(node.left);
  const right = nodeOf(node.right);
  const operator = textOf(node.operator) || '=';
  if (left === undefined) return lower(state, right);
  if (right?.kind === 'include' && left.kind === 'variable' && operator === '=' && typeof left.name === 'string') {
    // What the file returns: `$config = require 'config.php'`.
    const target = lower(state, right.target);
    addInclude(state, right, target, left.name);
    return { k: 'name', v: left.name };
  }
  const value = lower(state, right);
  if (left.kind === 'list' || left.kind === 'array') {
    takeApart(state, left, value);
    return value;
  }
  const appends = left.kind === 'offsetlookup' && left.offset === false;
  const to = targetOf(appends ? nodeOf(left.what) : left);
  if (to === undefined) lower(state, left);
  else if (left.kind !== 'variable' || to !== 'this')
    addAssign(state, to, value, spanOf(state, node), appends || operator !== '=');
  return value;
}

/** A loop's variable, or several that take its items apart. */
export function assignTo(state: Lowering, target: PhpNode | undefined, value: Expr): void {
  const left = target?.kind === 'byref' ? nodeOf(target.what) : target;
  if (left === undefined) return;
  if (left.kind === 'list' || left.kind === 'array') takeApart(state, left, value);
  else {
    const to = targetOf(left);
    if (to !== undefined && to !== 'this') addAssign(state, to, value, spanOf(state, left));
  }
}

function takeApart(state: Lowering, list: PhpNode, value: Expr): void {
  const items = Array.isArray(list.items) ? (list.items as unknown[]) : [];
  items.forEach((item, index) => {
    const entry = nodeOf(item);
    const inner = entry?.kind === 'entry' ? nodeOf(entry.value) : entry;
    if (entry === undefined || inner === undefined || state.depth > 200) return;
    const key: Expr = nodeOf(entry.key) === undefined ? { k: 'number', v: index } : lower(state, entry.key);
    const part: Expr = { k: 'index', of: value, key };
    if (inner.kind === 'list' || inner.kind === 'array') {
      state.depth += 1;
      takeApart(state, inner, part);
      state.depth -= 1;
    } else {
      const to = targetOf(inner);
      if (to !== undefined) addAssign(state, to, part, spanOf(state, entry));
    }
  });
}

/** `db`, `this.path`, `self.pdo`, `config["db"]["path"]`; nothing for what is computed. */
export function targetOf(node: PhpNode | undefined): string | undefined {
  const parts: string[] = [];
  let at = node;
  for (let steps = 0; at !== undefined && steps < 50; steps++) {
    if (at.kind === 'variable' || at.kind === 'name') {
      const name = nameOf(at).replace(/^\\/, '');
      return name === '' ? undefined : name + parts.reverse().join('');
    }
    if (at.kind === 'selfreference' || at.kind === 'staticreference') return `self${parts.reverse().join('')}`;
    if (at.kind === 'propertylookup' || at.kind === 'nullsafepropertylookup' || at.kind === 'staticlookup') {
      const offset = nodeOf(at.offset);
      const name = offset?.kind === 'identifier' || at.kind === 'staticlookup' ? nameOf(offset) : '';
      if (name === '') return undefined;
      parts.push(`.${name}`);
    } else if (at.kind === 'offsetlookup') {
      const key = nodeOf(at.offset);
      if (key?.kind !== 'string' && key?.kind !== 'number') return undefined;
      parts.push(key.kind === 'string' ? `["${textOf(key.value)}"]` : `[${textOf(key.value)}]`);
    } else return undefined;
    at = nodeOf(at.what);
  }
  return undefined;
}
