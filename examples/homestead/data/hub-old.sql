-- data/hub.db.old: the house before the move. Same tables, another generation: not one id, e-mail or serial in common.
CREATE TABLE users (id INTEGER PRIMARY KEY, email TEXT NOT NULL UNIQUE, name TEXT NOT NULL, password_hash TEXT NOT NULL, created_at TEXT NOT NULL);
CREATE TABLE rooms (id INTEGER PRIMARY KEY, name TEXT NOT NULL, floor INTEGER NOT NULL);
CREATE TABLE devices (
  id INTEGER PRIMARY KEY,
  room_id INTEGER REFERENCES rooms (id),
  name TEXT NOT NULL,
  kind TEXT NOT NULL,
  vendor TEXT NOT NULL,
  serial TEXT NOT NULL UNIQUE,
  installed_on TEXT NOT NULL,
  last_seen_at TEXT
);
CREATE TABLE events (id INTEGER PRIMARY KEY, device_id INTEGER NOT NULL REFERENCES devices (id), kind TEXT NOT NULL, value REAL, happened_at TEXT NOT NULL);

INSERT INTO users VALUES
  (101, 'landlord@example.net', 'Otto Krone', 'pbkdf2_sha256$1200$synthetic-otto$aHqvpp1jYkI8WzzI5Xr7dYgs5jzT5T3rYc2iGmGqv0k=', '2023-04-02T10:00:00Z'),
  (102, 'flat@example.net', 'The Flat', 'pbkdf2_sha256$1200$synthetic-flat$Y0pJx5x2CkO3p8v0mB5s0bLxkq2C0r6yQeZ8nA1tWcM=', '2023-04-02T10:05:00Z');
INSERT INTO rooms VALUES (101, 'Front room', 3), (102, 'Back room', 3), (103, 'Galley', 3), (104, 'Corridor', 3);

WITH RECURSIVE number (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM number WHERE n < 12)
INSERT INTO devices (id, room_id, name, kind, vendor, serial, installed_on, last_seen_at)
SELECT
  500 + n, 101 + n % 4, 'Old lamp ' || n, 'lamp', 'Lumen AG', printf('OLD-%03d', n), date('2023-04-02', '+' || n || ' days'),
  '2024-06-30T10:00:00Z'
FROM number
ORDER BY n;

WITH RECURSIVE number (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM number WHERE n < 40)
INSERT INTO events (id, device_id, kind, value, happened_at)
SELECT
  9000 + n, 501 + n % 12, CASE n % 2 WHEN 0 THEN 'on' ELSE 'off' END, n % 2,
  strftime('%Y-%m-%dT%H:%M:%SZ', '2024-06-01', '+' || (n * 17) || ' hours')
FROM number
ORDER BY n;
