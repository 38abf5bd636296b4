-- data/tasks.db: the planner's own list. 73 tasks are the hub's (attached as `hub`), 28 of them with another status; eight are its own.
CREATE TABLE dynamic_tasks (
  id INTEGER PRIMARY KEY,
  title TEXT NOT NULL,
  status TEXT NOT NULL,
  priority INTEGER NOT NULL DEFAULT 3,
  assignee TEXT,
  due_on TEXT,
  created_at TEXT NOT NULL
);

INSERT INTO dynamic_tasks (id, title, status, priority, assignee, due_on, created_at)
SELECT
  tasks.id, tasks.title,
  CASE WHEN tasks.id % 8 IN (2, 5, 7) OR tasks.id = 73 THEN CASE tasks.status WHEN 'done' THEN 'open' ELSE 'done' END ELSE tasks.status END,
  1 + tasks.id % 4, users.email, tasks.due_on, tasks.created_at
FROM hub.tasks LEFT JOIN hub.users ON users.id = tasks.assigned_to
WHERE tasks.id <= 73
ORDER BY tasks.id;

INSERT INTO dynamic_tasks (id, title, status, priority, assignee, due_on, created_at) VALUES
  (1001, 'Charge the bicycle lamps', 'open', 2, 'ada@example.com', '2025-11-04', '2025-10-30T07:00:00Z'),
  (1002, 'Turn the compost', 'blocked', 3, 'chloe@example.org', NULL, '2025-10-30T07:00:00Z'),
  (1003, 'Swap the smoke alarm batteries', 'open', 1, 'dmitri@example.com', '2025-11-09', '2025-10-31T07:00:00Z'),
  (1004, 'Bleed the radiators', 'doing', 1, 'ada@example.com', '2025-11-03', '2025-10-31T07:00:00Z'),
  (1005, 'Defrost the freezer', 'blocked', 4, NULL, NULL, '2025-11-01T07:00:00Z'),
  (1006, 'Lorem ipsum dolor sit amet', 'open', 3, 'test@example.com', NULL, '2025-10-02T12:00:00Z'),
  (1007, 'Test task please ignore', 'open', 3, 'test@example.com', NULL, '2025-10-02T12:00:00Z'),
  (1008, 'Demo task 1', 'done', 3, 'Demo User', NULL, '2025-10-02T12:00:00Z');
