/** `${OTHER}` in values of `.env` files, compose files and Dockerfiles. */
import { HOLE } from './path-functions.ts';
import type { Variable } from './settle.ts';

export type LookUp = (name: string, asked?: readonly string[]) => Variable | undefined;

/** `${OTHER}` inside a value. What is set nowhere is a hole: somebody's shell or the base of an image may set it. */
export function expand(variable: Variable, lookUp: LookUp): Variable {
  if (!variable.value.includes('$')) return variable;
  let { sure } = variable;
  const value = variable.value.replace(
    /\$\$|\$\{(\w+)(?::?-([^}]*)|:?\?[^}]*)?\}|\$(\w+)/g,
    (whole, braced?: string, fallback?: string, plain?: string) => {
      if (whole === '$$') return '$';
      const other = lookUp((braced ?? plain) as string);
      if (other === undefined ? fallback === undefined : !other.sure) sure = false;
      return other?.value ?? fallback ?? HOLE;
    },
  );
  return { ...variable, value, sure };
}
