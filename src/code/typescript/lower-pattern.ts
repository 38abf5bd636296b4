/** Destructuring: each name with the part of the value that it gets. */
import type {
  AssignmentTarget,
  AssignmentTargetMaybeDefault,
  BindingPattern,
  Expression,
  ParamPattern,
} from 'oxc-parser';
import type { Expr, Param } from '../facts.ts';
import { addAssign, type Lowering, MOST_DEPTH, perhaps } from './lower-state.ts';
import { targetName } from './target-name.ts';
import { typeAfter } from './type-text.ts';

export type Pattern = BindingPattern | AssignmentTargetMaybeDefault | AssignmentTarget;

/** `value` goes to the names of `pattern`. A default stands behind `??`. */
export function bindPattern(
  state: Lowering,
  pattern: Pattern,
  value: Expr,
  node: { readonly start: number; readonly end: number },
): void {
  if (state.depth >= MOST_DEPTH) return;
  state.depth++;
  switch (pattern.type) {
    case 'Identifier':
      addAssign(state, pattern.name, value, node, { type: typeAfter(state.text, pattern.start + pattern.name.length) });
      break;
    case 'AssignmentPattern': {
      const fallback = perhaps(state, pattern.end, () => state.expression(pattern.right));
      bindPattern(state, pattern.left, { k: 'op', op: '??', a: value, b: fallback }, node);
      break;
    }
    case 'ObjectPattern':
      for (const property of pattern.properties) {
        if (property.type === 'RestElement') bindPattern(state, property.argument, value, property);
        else
          bindPattern(
            state,
            property.value,
            partOf(state, value, property.key as Expression, property.computed),
            property,
          );
      }
      break;
    case 'ArrayPattern':
      pattern.elements.forEach((element, index) => {
        if (element === null) return;
        if (element.type === 'RestElement') bindPattern(state, element.argument, value, element);
        else bindPattern(state, element, elementOf(value, index), element);
      });
      break;
    default: {
      const to = targetName(state.text, pattern as Expression);
      if (to !== undefined) addAssign(state, to, value, node);
    }
  }
  state.depth--;
}

function elementOf(value: Expr, index: number): Expr {
  const item = value.k === 'list' && value.items.every(({ k }) => k !== 'unknown') ? value.items[index] : undefined;
  return item ?? { k: 'index', of: value, key: { k: 'number', v: index } };
}

function partOf(state: Lowering, value: Expr, key: Expression, computed: boolean): Expr {
  if (computed) return { k: 'index', of: value, key: state.expression(key) };
  const name = key.type === 'Identifier' ? key.name : key.type === 'Literal' ? String(key.value) : '';
  if (value.k === 'map') {
    const entry = value.entries.find(([each]) => each.k === 'text' && each.v === name);
    if (entry !== undefined && value.entries.every(([each]) => each.k === 'text')) return entry[1];
  }
  return { k: 'member', of: value, v: name };
}

/**
 * Parameters with their defaults. Names that are taken out of one destructured argument follow one another, each with its
 * `property`; `position` says which argument it is.
 */
export function lowerParams(state: Lowering, params: readonly ParamPattern[]): Param[] {
  const lowered: Param[] = [];
  params.forEach((param, position) => {
    const pattern = param.type === 'TSParameterProperty' ? param.parameter : param;
    addParam(state, lowered, pattern as BindingPattern, position, {});
  });
  return lowered;
}

function addParam(
  state: Lowering,
  lowered: Param[],
  pattern: BindingPattern | (ParamPattern & { readonly type: 'RestElement' }),
  position: number,
  given: { readonly default?: Expr; readonly property?: string; readonly rest?: true },
): void {
  if (state.depth >= MOST_DEPTH) return;
  state.depth++;
  switch (pattern.type) {
    case 'Identifier': {
      const type = typeAfter(state.text, pattern.start + pattern.name.length);
      const moved = position === lowered.length ? {} : { position };
      lowered.push({ name: pattern.name, ...given, ...moved, ...(type === undefined ? {} : { type }) });
      break;
    }
    case 'AssignmentPattern': {
      const fallback = state.expression(pattern.right);
      addParam(state, lowered, pattern.left as BindingPattern, position, {
        ...given,
        default: given.default ?? fallback,
      });
      break;
    }
    case 'RestElement':
      addParam(state, lowered, pattern.argument, position, { ...given, rest: true });
      break;
    case 'ObjectPattern':
      for (const property of pattern.properties) {
        if (property.type === 'RestElement') {
          addParam(state, lowered, property.argument, position, { rest: true, property: given.property ?? '' });
          continue;
        }
        const { key } = property;
        const name = key.type === 'Identifier' ? key.name : key.type === 'Literal' ? String(key.value) : '';
        const path = given.property === undefined ? name : `${given.property}.${name}`;
        const entry =
          given.default?.k === 'map'
            ? given.default.entries.find(([each]) => each.k === 'text' && each.v === name)
            : undefined;
        const inherited = entry === undefined ? {} : { default: entry[1] };
        addParam(state, lowered, property.value, position, { property: path, ...inherited });
      }
      break;
    case 'ArrayPattern':
      pattern.elements.forEach((element, index) => {
        if (element === null) return;
        const path = given.property === undefined ? String(index) : `${given.property}.${index}`;
        addParam(state, lowered, element.type === 'RestElement' ? element.argument : element, position, {
          property: path,
        });
      });
  }
  state.depth--;
}
