/** The folder of copies of a state. */
import { join } from 'node:path';
import { type Copies, openCopies } from '../copy/copies.ts';
import type { ProjectGround } from './ground.ts';

export function copiesOf({ disk, state, identity }: Pick<ProjectGround, 'disk' | 'state' | 'identity'>): Copies {
  return openCopies(disk, copiesFolder(state), identity.pid);
}

export const copiesFolder = ({ path }: ProjectGround['state']): string => join(path, 'copies');
