/** What the demo asks, edits and answers: the part of it that a person would do, with the reasons a person would give. */

/** What is looked at, and why. */
export const LOOKING = [
  ['Where does the data of this project live, and what is wrong with it?', ['audit']],
  ['Which store does the log-in service open?', ['where', 'services/auth/connection.py:14']],
  ['Two files have a users table. Who is in which?', ['diff', 'data/hub.db', 'data/auth.db', '--table', 'users']],
];

/** File, what it says, what it is to say, why. */
export const EDITS = [
  [
    'Makefile',
    'cd services/auth && python3 app.py',
    'python3 -m services.auth.app',
    'started in one folder only, it has one store',
  ],
  [
    'docker-compose.yaml',
    'working_dir: /app/backend',
    'working_dir: /app',
    'the worker from the root, as in the Makefile',
  ],
  [
    'docker-compose.yaml',
    'command: python3 worker.py --ping',
    'command: python3 backend/worker.py --ping',
    'so that app.db is one file',
  ],
  ['docker-compose.yaml', './backend:/app/backend', '.:/app', 'and the container sees it'],
  [
    'deploy/crontab',
    'cd /srv/homestead/backend && python3 worker.py',
    'cd /srv/homestead && python3 backend/worker.py',
    'the same',
  ],
];

/** The project's own tests among it. They run in copies, before and after. */
export const CHECKS = `version: 1
checks:
  tests:   { run: npm test, timeout: 300 }
  events:  { store: data/hub.db, sql: select count(*) from events, is: 250 }
`;

/** Decision, choice, why: those without a proposal. */
export const ANSWERS = [
  ['files-of-scene-manager', 'archive', 'the service reads the newest one only'],
  ['unresolved-readers', 'goes', 'that bridge opens what the energy tests give it'],
  ['named-archive-backend-app-db', 'goes', 'a script that throws the file away does not need it'],
];

/** Why a store that stays stays. */
export const STAYING = {
  'app.db': 'the jobs of the worker',
  'data/hub.db': 'the store of truth',
  'data/calendar.db': 'another thing: its events are no events of devices',
  'data/energy.db': 'well kept: one writer, keys on every table',
  'data/telemetry.db': 'well kept: shares no rows with anything',
  'data/hub.db.old': 'the house before; 58 rows that nothing else has',
};

/** Users were in three files, sessions in three, facts in two, under other ids in each. */
export const QUESTION = `
SELECT u.name,
  (SELECT count(*) FROM sessions s WHERE s.user_id = u.id) AS sessions,
  (SELECT count(*) FROM memory_facts f WHERE f.user_id = u.id) AS facts,
  (SELECT count(*) FROM tasks t WHERE t.assigned_to = u.id) AS tasks
FROM users u ORDER BY sessions DESC, u.name`;
