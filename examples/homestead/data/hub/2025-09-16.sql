-- The hub as it was on 2025-09-16, after migration 0001. The auth service was split off that evening: its users are a copy of these.
INSERT INTO schema_migrations VALUES ('0001_init', '2025-08-30T17:20:00Z');

INSERT INTO users (id, email, name, password_hash, role, created_at, updated_at) VALUES
  (1, 'ada@example.com', 'Ada Lindqvist', 'pbkdf2_sha256$1200$synthetic-ada-1$dmcu1rwSRbAyCYpeoE0yqWQIe5lywd0YviJ88kpepYQ=', 'admin', '2025-08-30T17:31:00Z', NULL),
  (2, 'chloe@example.org', 'Chloe Marsh', 'pbkdf2_sha256$1200$synthetic-chloe$CpzIl7gE579AHs2XWJYDIDLzNgVeseBUJOryARGnaUo=', 'member', '2025-08-31T09:02:00Z', NULL),
  (3, 'farid@example.com', 'Farid Haddad', 'pbkdf2_sha256$1200$synthetic-farid$qzqaMWq8pZT/sYexvt7SxhgnxtUgiNCP23ddmMUKlqQ=', 'member', '2025-09-02T18:45:00Z', NULL),
  (4, 'greta@example.org', 'Greta Holm', 'pbkdf2_sha256$1200$synthetic-greta$r7sQzcwu1cMd1f+DjeTXjhunR1AaHy9iCO5StNFHNv4=', 'member', '2025-09-09T20:11:00Z', NULL);

INSERT INTO rooms (id, name, floor) VALUES
  (1, 'Kitchen', 0), (2, 'Living room', 0), (3, 'Study', 1), (4, 'Bedroom', 1),
  (5, 'Bathroom', 1), (6, 'Hall', 0), (7, 'Garage', -1), (8, 'Garden', 0);

WITH RECURSIVE number (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM number WHERE n < 24),
kind (i, name, mains) AS (
  VALUES (0, 'lamp', 1), (1, 'thermostat', 0), (2, 'blind', 1), (3, 'motion sensor', 0), (4, 'plug', 1)
)
INSERT INTO devices (id, room_id, name, kind, vendor, serial, firmware, battery, health, installed_on, last_seen_at)
SELECT
  n, rooms.id, rooms.name || ' ' || kind.name, kind.name,
  CASE n % 3 WHEN 0 THEN 'Nordlicht' WHEN 1 THEN 'Acme Home' ELSE 'Pine & Co' END,
  printf('HS-%04d', n), printf('1.%d.0', n % 5), CASE WHEN mains THEN NULL ELSE 100 - n * 7 % 60 END,
  round(0.99 - n % 7 * 0.03, 2), date('2025-08-30', '+' || (n / 2) || ' days'), '2025-09-16T18:00:00Z'
FROM number JOIN rooms ON rooms.id = 1 + (n - 1) % 8 JOIN kind ON kind.i = (n - 1) / 8
ORDER BY n;

WITH RECURSIVE number (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM number WHERE n < 96)
INSERT INTO events (id, device_id, kind, value, happened_at)
SELECT
  n, 1 + (n - 1) % 24, CASE n % 3 WHEN 0 THEN 'on' WHEN 1 THEN 'off' ELSE 'level' END, n * 37 % 100 / 4.0,
  strftime('%Y-%m-%dT%H:%M:%SZ', '2025-09-12', '+' || (n * 61) || ' minutes')
FROM number
ORDER BY n;
