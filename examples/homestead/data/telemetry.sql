-- data/telemetry.db: everything here is still in the write-ahead log; the main file knows no table.
CREATE TABLE pings (id INTEGER PRIMARY KEY, source TEXT NOT NULL, kind TEXT NOT NULL, at TEXT NOT NULL);
CREATE TABLE outages (id INTEGER PRIMARY KEY, started_at TEXT NOT NULL, minutes INTEGER NOT NULL);

WITH RECURSIVE number (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM number WHERE n < 60)
INSERT INTO pings (id, source, kind, at)
SELECT n, 'worker', CASE WHEN n % 9 THEN 'done' ELSE 'late' END, datetime('2025-11-01 18:00:00', '+' || (n * 5) || ' minutes')
FROM number
ORDER BY n;

INSERT INTO outages (id, started_at, minutes) VALUES
  (1, '2025-10-03 02:11:00', 14), (2, '2025-10-17 16:40:00', 3), (3, '2025-10-29 23:05:00', 41), (4, '2025-11-01 21:30:00', 6);
