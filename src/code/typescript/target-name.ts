/** The name of what is assigned to, as `Assign.to` has it: spaces gone, quotes `"`. */
import type { Expression } from 'oxc-parser';

/** Undefined where it is no plain path (a call's result, something computed). */
export function targetName(text: string, node: Expression): string | undefined {
  const parts: string[] = [];
  let at = node;
  for (let count = 0; count < 20; count++) {
    switch (at.type) {
      case 'Identifier':
        return [at.name, ...parts].join('');
      case 'ThisExpression':
        return ['this', ...parts].join('');
      case 'MemberExpression':
        if (!at.computed)
          parts.unshift(at.property.type === 'PrivateIdentifier' ? `.#${at.property.name}` : `.${at.property.name}`);
        else if (at.property.type === 'Literal' && typeof at.property.value === 'string')
          parts.unshift(`[${JSON.stringify(at.property.value)}]`);
        else
          parts.unshift(
            `[${text.slice(at.property.start, Math.min(at.property.end, at.property.start + 60)).replace(/\s+/g, '')}]`,
          );
        at = at.object;
        break;
      case 'TSAsExpression':
      case 'TSNonNullExpression':
      case 'TSTypeAssertion':
      case 'TSSatisfiesExpression':
      case 'ChainExpression':
        at = at.expression as Expression;
        break;
      case 'MetaProperty':
        return [`${at.meta.name}.${at.property.name}`, ...parts].join('');
      default:
        return undefined;
    }
  }
  return undefined;
}
