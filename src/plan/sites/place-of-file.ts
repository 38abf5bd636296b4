/**
 * Lines whose paths count from the place of a file that moves (trap C13: `parent.parent` one level deeper): what they would open from there, in each
 * context. The path is settled again with the file at its new place.
 */
import { posix } from 'node:path';
import type { Settled } from '../../bindings/bind.ts';
import type { Context } from '../../bindings/contexts.ts';
import { absolute, meaningOf } from '../../bindings/place.ts';
import { settle } from '../../bindings/settle.ts';
import type { Symbolic } from '../../bindings/symbol.ts';
import type { Opening } from '../../bindings/value.ts';
import type { OpenSite } from './model.ts';
import { afterwards, type Moves } from './moves.ts';
import type { OpenCode } from './open-code.ts';

export function movedPlaces(open: OpenCode, moves: Moves): readonly OpenSite[] {
  const found: OpenSite[] = [];
  const { code } = open.facts;
  for (const path of new Set(code.bindings.map((binding) => binding.path))) {
    const learnt = code.learnt?.(path).openings;
    if (learnt !== undefined && !learnt.some((opening) => countsFromMoved(opening, moves))) continue;
    for (const settled of open.settledIn(path)) {
      const now = opensAfterwards(settled, moves);
      if (now !== undefined)
        found.push({
          path,
          line: settled.opening.line,
          why: `its path counts from the place of the file: ${settled.context.label} it would open ${shown(now, settled.context)}`,
        });
    }
  }
  return found;
}

/** Settling asks for the place of these files and of no others. */
function countsFromMoved({ target, base }: Opening, moves: Moves): boolean {
  return [target, base].some(
    (symbol) => symbol !== undefined && placesIn(symbol).some((file) => afterwards(moves, file) !== file),
  );
}

function placesIn(symbol: Symbolic): readonly string[] {
  switch (symbol.s) {
    case 'place':
      return [symbol.file];
    case 'from':
      return placesIn(symbol.value);
    case 'or':
      return [...placesIn(symbol.a), ...placesIn(symbol.b)];
    case 'either':
      return symbol.of.flatMap(({ value }) => placesIn(value));
    case 'apply':
      return symbol.of.flatMap(placesIn);
    default:
      return [];
  }
}

/** `undefined`: the same as now. */
function opensAfterwards({ opening, context, outcome, path }: Settled, moves: Moves): string | undefined {
  if (opening.target === undefined || path === undefined) return undefined;
  const there: Context = { ...context, placeOf: (file) => context.placeOf(afterwards(moves, file)) };
  const before = settle(opening.target, context);
  const after = settle(opening.target, there);
  const at = before.findIndex((one) => one.value === outcome.value);
  const value = after[at]?.value;
  const base = opening.base === undefined ? undefined : settle(opening.base, there)[0]?.value;
  if (value == null) return undefined;
  if (value === outcome.value && opening.base === undefined) return undefined;
  const meaning = meaningOf(value, opening);
  if (meaning.is !== 'path') return undefined;
  const full = absolute(
    !meaning.path.startsWith('/') && base != null ? `${base}/${meaning.path}` : meaning.path,
    there,
  );
  if (posix.normalize(full) === posix.normalize(path)) return undefined;
  // A store that moves along is meant at its new place.
  const [was, is] = [context.locate(path), context.locate(full)];
  if (was.in === 'project' && is.in === 'project' && afterwards(moves, was.path) === is.path) return undefined;
  return full;
}

function shown(full: string, context: Context): string {
  const located = context.locate(full);
  return located.in === 'project' ? located.path : full;
}
