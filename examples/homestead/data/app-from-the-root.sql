-- ./app.db: what the worker wrote when it was started from the root. 3 jobs differ and 6 are only here.
UPDATE jobs SET status = 'waiting', ran_at = NULL WHERE id IN ('job-0027', 'job-0028');
UPDATE jobs SET status = 'failed' WHERE id = 'job-0029';

WITH RECURSIVE number (n) AS (SELECT 30 UNION ALL SELECT n + 1 FROM number WHERE n < 35)
INSERT INTO jobs (id, name, payload, status, run_at)
SELECT printf('job-%04d', n), 'charge the mower', '{"devices":[16]}', 'waiting', datetime('2025-10-26 06:00:00', '+' || (n - 29) || ' days')
FROM number
ORDER BY n;
