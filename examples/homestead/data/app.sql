-- `app.db`, as far as the two files agree: 26 jobs and the settings.
CREATE TABLE jobs (
  id TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  payload TEXT NOT NULL DEFAULT '{}',
  status TEXT NOT NULL DEFAULT 'waiting',
  run_at TEXT NOT NULL,
  ran_at TEXT
);
CREATE TABLE settings (key TEXT PRIMARY KEY, value TEXT NOT NULL);

INSERT INTO settings VALUES ('poll_seconds', '300'), ('language', 'en'), ('quiet_from', '22:00'), ('quiet_to', '06:30');

WITH RECURSIVE number (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM number WHERE n < 29)
INSERT INTO jobs (id, name, payload, status, run_at, ran_at)
SELECT
  printf('job-%04d', n), CASE n % 4 WHEN 0 THEN 'water the garden' WHEN 1 THEN 'close the blinds' WHEN 2 THEN 'air the study' ELSE 'read the meters' END,
  json_object('devices', json_array(n, n + 8)), 'done', datetime('2025-09-20 06:00:00', '+' || (n * 11) || ' hours'),
  datetime('2025-09-20 06:04:00', '+' || (n * 11) || ' hours')
FROM number
ORDER BY n;
