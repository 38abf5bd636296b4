-- backend/app.db: what it wrote when it was started inside backend/ (cron does). 5 jobs are only here.
WITH RECURSIVE number (n) AS (SELECT 40 UNION ALL SELECT n + 1 FROM number WHERE n < 44)
INSERT INTO jobs (id, name, payload, status, run_at, ran_at)
SELECT
  printf('job-%04d', n), 'test the siren', '{"devices":[6]}', 'done', datetime('2025-10-20 12:00:00', '+' || (n - 39) || ' days'),
  datetime('2025-10-20 12:05:00', '+' || (n - 39) || ' days')
FROM number
ORDER BY n;
