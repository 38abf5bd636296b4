/** Takes a file or link away whose content is in the vault already. */

import { same } from '../disk/path-state.ts';
import { folderOf } from '../disk/paths.ts';
import { assertStill, foreign, lookAt, placeOf } from './place.ts';
import type { Ground, Inspection, Primitive } from './primitive.ts';
import type { Remove } from './step.ts';

export const remove: Primitive<Remove> = {
  inspect,
  stage: (_step, seen) => ({ stamp: seen.stamp, file: null }),
  commit: (step, staged, on, dirty) => {
    assertStill(on, step.path, staged, () => inspect(step, on));
    const place = placeOf(on, step.path);
    on.disk.unlink(place);
    dirty.add(folderOf(place));
  },
  // One call: there is no half of it.
  clean: () => {},
};

function inspect(step: Remove, on: Ground): Inspection {
  const look = lookAt(on, step.path);
  const { state, stamp } = look;
  if (state.kind === 'absent') return { is: 'after', found: state, stamp };
  if (same(state, step.before)) return { is: 'before', found: state, stamp };
  return foreign(look, 'it is not what was to be removed');
}
