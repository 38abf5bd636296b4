/** Measures one column of sampled rows: what its values look like, how different they are. Keeps counts and hashes, no value. */
import type { ColumnProfile, ValueShape } from '../stores/model.ts';
import { startDistinct } from './distinct.ts';
import { columnShape, formOf, hintsOf, shapeOf } from './shape.ts';
import { sketchHash, startBottom } from './sketch.ts';
import type { Value } from './value.ts';

export interface ProfileBuilder {
  add(value: Value): void;
  finish(): { readonly profile: ColumnProfile; readonly sketch: readonly number[] };
}

const SEVERAL = '';
// biome-ignore lint/suspicious/noControlCharactersInRegex: everything that is not ASCII is meant
const NON_ASCII = /[^\u0000-\u007f]/;

export function startProfile(column: string): ProfileBuilder {
  const hints = hintsOf(column);
  const shapes = new Map<ValueShape, number>();
  const distinct = startDistinct();
  const bottom = startBottom();
  let [rows, nulls] = [0, 0];
  let nonAscii = false;
  let form: string | null = null;
  return {
    add: (value) => {
      rows++;
      if (value === null) {
        nulls++;
        return;
      }
      const hash = sketchHash(value, hints.time);
      distinct.add(hash);
      const shape = shapeOf(value, hints);
      // Empty text is a value, but says nothing about the column.
      if (shape === null) return;
      bottom.add(hash);
      shapes.set(shape, (shapes.get(shape) ?? 0) + 1);
      const written = formOf(value, shape) ?? SEVERAL;
      if (form !== written) form = form === null ? written : SEVERAL;
      if (!nonAscii && typeof value === 'string') nonAscii = NON_ASCII.test(value);
    },
    finish: () => {
      const values = rows - nulls;
      return {
        profile: {
          shape: columnShape(shapes),
          ...(form === null || form === SEVERAL ? {} : { form }),
          nulls: rows === 0 ? 0 : nulls / rows,
          distinct: values === 0 ? 0 : Math.min(1, distinct.count() / values),
          nonAscii,
        },
        sketch: bottom.smallest(),
      };
    },
  };
}
