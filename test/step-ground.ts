/** A ground for single steps: a project, and contents by their hash in a plain folder. One step is carried out as the engine does. */
import type { Disk } from '../src/disk/disk.ts';
import { folderSet } from '../src/disk/folder-set.ts';
import { hashBytes } from '../src/disk/hash-file.ts';
import type { FileState } from '../src/disk/path-state.ts';
import { writeNewFile } from '../src/disk/write-file.ts';
import { type FileStep, primitiveOf } from '../src/steps/index.ts';
import type { Ground } from '../src/steps/primitive.ts';

export interface StepGround extends Ground {
  /** Makes the content known; what a state says of it. */
  content(text: string | Buffer, more?: Partial<FileState>): FileState;
}

/** `parent`: a folder that is there and empty; the project is in `project`. */
export function stepGround(disk: Disk, parent: string): StepGround {
  const [root, objects] = [`${parent}/project`, `${parent}/objects`];
  disk.mkdir(root, 0o755);
  disk.mkdir(objects, 0o700);
  return {
    root,
    disk,
    run: '2026-11-21T143617Z-4f1c',
    objects: { open: (sha256) => disk.open(`${objects}/${sha256}`, 'read') },
    git: {
      entriesOf: () => {
        throw new Error('no git here');
      },
      write: () => {
        throw new Error('no git here');
      },
    },
    content: (text, more = {}) => {
      const bytes = Buffer.from(text);
      const digest = hashBytes(bytes);
      if (disk.lstat(`${objects}/${digest.sha256}`) === null) writeNewFile(disk, `${objects}/${digest.sha256}`, bytes);
      return { kind: 'file', mode: 0o644, ...digest, ...more };
    },
  };
}

/** From *before* to *after*. `meanwhile` happens when all is staged and nothing has taken effect. */
export async function carryOut(step: FileStep, on: Ground, meanwhile: () => void = () => {}): Promise<void> {
  const primitive = primitiveOf(step);
  const seen = primitive.inspect(step, on);
  if (seen.is !== 'before') throw new Error(`${step.op} is ${seen.is}: ${seen.why ?? ''}`);
  const staged = primitive.stage(step, seen, on);
  if (staged.file !== null) {
    await on.disk.syncAll([staged.file]);
    staged.file.close();
  }
  meanwhile();
  const dirty = folderSet();
  primitive.commit(step, staged, on, dirty);
  dirty.sync(on.disk);
  primitive.finish?.(step, on, dirty);
  dirty.sync(on.disk);
}
