/** JSX holds calls in its attributes and children; what it draws is no concern of ours. */
import type { Expression, JSXElement, JSXFragment } from 'oxc-parser';
import { hasCall } from './expr-queries.ts';
import { addStatement, type Lowering } from './lower-state.ts';

/** Elements are walked with a stack of their own: markup nests deep. */
export function lowerJsx(state: Lowering, root: JSXElement | JSXFragment): void {
  const queue: (JSXElement | JSXFragment)[] = [root];
  const take = (node: Expression): void => {
    if (node.type === 'JSXElement' || node.type === 'JSXFragment') {
      queue.push(node);
      return;
    }
    const expr = state.expression(node);
    if (hasCall(expr)) addStatement(state, expr, node);
  };
  for (let element = queue.pop(); element !== undefined; element = queue.pop()) {
    if (element.type === 'JSXElement')
      for (const attribute of element.openingElement.attributes) {
        if (attribute.type === 'JSXSpreadAttribute') take(attribute.argument);
        else if (attribute.value?.type === 'JSXExpressionContainer') {
          if (attribute.value.expression.type !== 'JSXEmptyExpression') take(attribute.value.expression);
        } else if (attribute.value !== null) take(attribute.value);
      }
    for (const child of element.children) {
      if (child.type === 'JSXElement' || child.type === 'JSXFragment') queue.push(child);
      else if (child.type === 'JSXSpreadChild') take(child.expression);
      else if (child.type === 'JSXExpressionContainer' && child.expression.type !== 'JSXEmptyExpression')
        take(child.expression);
    }
  }
}
