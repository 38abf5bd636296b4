import type { FixtureProject } from './fixture-project.ts';
import { insert, makeStore } from './make-store.ts';
import { day, range } from './people.ts';

const STATES = ['open', 'done', 'waiting'];
const row = (n: number, state: number) => ({
  id: `T-${1000 + n}`,
  title: `Water the plants in room ${n}`,
  status: STATES[state % 3],
  created_at: day(n),
});

export const project: FixtureProject = {
  traps: ['R4'],
  wrong: `The planner keeps in dynamic_tasks what the hub keeps in tasks: 73 ids in common, 28 of them with another status, 15 only
    in the hub, 8 only in the planner. The chores of data/planner.db have the same columns as well, and no row in common.`,
  build(dir) {
    const table = (name: string): string =>
      `CREATE TABLE ${name} (id TEXT PRIMARY KEY, title TEXT NOT NULL, status TEXT, created_at TEXT)`;
    makeStore(
      dir,
      'data/hub.db',
      table('tasks'),
      insert(
        'tasks',
        range(88).map((n) => row(n, n)),
      ),
    );
    makeStore(
      dir,
      'data/planner.db',
      table('dynamic_tasks'),
      table('chores'),
      insert('dynamic_tasks', [
        ...range(73).map((n) => row(n, n < 28 ? n + 1 : n)),
        ...range(8, 500).map((n) => row(n, n)),
      ]),
      insert(
        'chores',
        range(12).map((n) => ({ id: `C-${n}`, title: `Sweep floor ${n}`, status: 'weekly', created_at: day(n + 400) })),
      ),
    );
  },
};
