/** Nothing at a path. Planning takes types of the disk only, so it has its own. */
import type { Absent } from '../../disk/path-state.ts';

export const ABSENT_STATE: Absent = { kind: 'absent' };
