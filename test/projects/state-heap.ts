import type { FixtureProject } from './fixture-project.ts';
import { makeRepository } from './make-repository.ts';
import { insert, makeStore } from './make-store.ts';
import { range } from './people.ts';
import { writeFile } from './write-file.ts';

export const FILES = 244;

const path = (n: number): string => `state/scenes/scene_${String(n).padStart(4, '0')}.json`;

export const project: FixtureProject = {
  traps: ['X5'],
  wrong: `A program left 244 state files of one shape in state/scenes, one a run; three of them are tracked by git, which could
    not bring back the others. config/ holds five JSON files as well, each a configuration of its own.`,
  build(dir) {
    for (const n of range(FILES)) {
      const state = {
        scene: n,
        active: n % 2 === 0,
        lamps: [{ id: n, level: n % 100 }],
        saved_at: `2025-0${1 + (n % 9)}-11T10:00:00`,
      };
      const at = new Date(Date.UTC(2025, 0, 1 + n)).toISOString();
      writeFile(dir, path(n), JSON.stringify(state, null, 2), at);
    }
    for (const name of ['lights', 'heating', 'doors', 'alarm', 'music']) {
      writeFile(dir, `config/${name}.json`, JSON.stringify({ [name]: { enabled: true }, [`${name}_limit`]: 5 }));
    }
    makeStore(
      dir,
      'data/hub.db',
      'CREATE TABLE scenes (id INTEGER PRIMARY KEY, name TEXT UNIQUE)',
      insert(
        'scenes',
        range(12).map((n) => ({ id: n + 1, name: `Scene ${n}` })),
      ),
    );
    writeFile(dir, '.gitignore', 'data/\n');
    makeRepository(dir, ['.gitignore', 'config', path(0), path(1), path(2)]);
  },
};
