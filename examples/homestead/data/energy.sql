-- data/energy.db: as a store should be. A key on every table, references that hold, one writer.
CREATE TABLE meters (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, unit TEXT NOT NULL DEFAULT 'kWh') STRICT;
CREATE TABLE tariffs (
  id INTEGER PRIMARY KEY,
  meter_id INTEGER NOT NULL REFERENCES meters (id),
  valid_from TEXT NOT NULL,
  cents_per_kwh REAL NOT NULL,
  UNIQUE (meter_id, valid_from)
) STRICT;
CREATE TABLE readings (
  meter_id INTEGER NOT NULL REFERENCES meters (id),
  read_at TEXT NOT NULL,
  kwh REAL NOT NULL CHECK (kwh >= 0),
  note TEXT NOT NULL DEFAULT '',
  PRIMARY KEY (meter_id, read_at)
) STRICT, WITHOUT ROWID;

INSERT INTO meters (id, name) VALUES (1, 'house'), (2, 'heat pump'), (3, 'solar');
INSERT INTO tariffs (id, meter_id, valid_from, cents_per_kwh) VALUES
  (1, 1, '2025-01-01', 31.2), (2, 1, '2025-10-01', 29.8), (3, 2, '2025-01-01', 24.5), (4, 3, '2025-01-01', 8.1);

WITH RECURSIVE number (n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM number WHERE n < 61)
INSERT INTO readings (meter_id, read_at, kwh)
SELECT meters.id, date('2025-09-01', '+' || n || ' days'), CASE meters.id WHEN 1 THEN 7.0 WHEN 2 THEN 5.5 ELSE 3.0 END + n * 5 % 7 * 0.5
FROM number, meters
ORDER BY 1, 2;
