-- From there to 2025-11-02, after migration 0003: data/hub.db as it is.
INSERT INTO schema_migrations VALUES ('0003_scenes', '2025-10-03T08:05:00Z');

UPDATE users
SET password_hash = 'pbkdf2_sha256$1200$synthetic-ada-2$sYjlDAkBsRckeIhiI1YHoO8guIQWiSNQvuw11lh8StE=', updated_at = '2025-10-02T21:15:00Z'
WHERE id = 1;

INSERT INTO users (id, email, name, password_hash, role, created_at, updated_at) VALUES
  (6, 'esme@example.org', 'Esme Tanaka', 'pbkdf2_sha256$1200$synthetic-esme$/uLtVUbcBasKxFFcIqIO015WIMj52Zf4CFAlVziacuw=', 'member', '2025-10-20T12:00:00Z', NULL),
  (7, 'test@example.com', 'Demo User', 'disabled', 'guest', '2025-10-21T12:00:00Z', NULL);

UPDATE users SET avatar_colour = CASE id WHEN 1 THEN '#2f6f4e' WHEN 2 THEN '#7a3b69' ELSE '#808080' END;

INSERT INTO devices (id, room_id, name, kind, vendor, serial, firmware, battery, health, installed_on, last_seen_at) VALUES
  (37, 1, 'Kitchen camera', 'camera', 'Nordlicht', 'HS-0037', '0.9.2', NULL, 0.97, '2025-10-08', NULL),
  (38, 6, 'Hall camera', 'camera', 'Nordlicht', 'HS-0038', '0.9.2', NULL, 0.95, '2025-10-08', NULL);

WITH RECURSIVE number (n) AS (SELECT 169 UNION ALL SELECT n + 1 FROM number WHERE n < 230)
INSERT INTO events (id, device_id, kind, value, happened_at)
SELECT
  n, 25 + (n - 169) % 14, CASE n % 3 WHEN 0 THEN 'on' WHEN 1 THEN 'off' ELSE 'level' END, n * 37 % 100 / 4.0,
  strftime('%Y-%m-%dT%H:%M:%SZ', '2025-10-15', '+' || ((n - 169) * 97) || ' minutes')
FROM number
ORDER BY n;

-- Two door sensors were thrown away with foreign keys switched off: their 13 events point at nothing now.
DELETE FROM devices WHERE id IN (27, 33);

WITH RECURSIVE number (n) AS (SELECT 231 UNION ALL SELECT n + 1 FROM number WHERE n < 250)
INSERT INTO events (id, device_id, kind, value, happened_at)
SELECT n, 11 + (n - 231) % 10, 'on', 1.0, strftime('%Y-%m-%dT%H:%M:%SZ', '2025-11-01', '+' || ((n - 231) * 75) || ' minutes')
FROM number
ORDER BY n;

UPDATE devices SET last_seen_at = strftime('%Y-%m-%dT%H:%M:%SZ', '2025-11-01', '+' || (id * 11) || ' minutes');

-- After the copy for the garden was taken.
INSERT INTO devices (id, room_id, name, kind, vendor, serial, firmware, battery, health, installed_on, last_seen_at) VALUES
  (39, 5, 'Bathroom leak sensor', 'leak sensor', 'Acme Home', 'HS-0039', '3.1.4', 88, 0.93, '2025-11-02', '2025-11-02T07:10:00Z'),
  (40, 7, 'Garage leak sensor', 'leak sensor', 'Acme Home', 'HS-0040', '3.1.4', 91, 0.92, '2025-11-02', '2025-11-02T07:15:00Z');

UPDATE tasks SET status = 'done' WHERE id IN (6, 22, 38);

INSERT INTO memory_facts (id, entity_type, entity_id, user_id, fact, created_at) VALUES
  (13, 'user', 5, '5', 'is away in the first week of November', '2025-10-22T09:00:00Z'),
  (14, 'user', 6, '6', 'is allergic to walnuts', '2025-10-22T09:30:00Z'),
  (15, 'person', 17, '5', 'may stay in the guest bed', '2025-10-23T20:00:00Z'),
  (16, 'person', 16, '1', 'comes in the second week of November', '2025-10-24T12:00:00Z'),
  (17, 'room', 5, '6', 'fan must run after the shower', '2025-10-25T07:00:00Z'),
  (18, 'device', 38, '1', 'looks at the street, keep it off by day', '2025-10-26T18:00:00Z'),
  (19, 'person', 9, '4', 'birthday present is hidden in the attic', '2025-10-27T19:00:00Z'),
  (20, 'person', 8, '2', 'sleeps over on the eighth', '2025-10-29T17:00:00Z');

INSERT INTO scenes (id, name, mode, brightness, colour, room_id, owner_id, uses, score, created_at, used_at) VALUES
  (1, 'morning', 'cool', 70, '#f4f8ff', 1, 1, 31, 0.82, '2025-10-03T08:10:00Z', '2025-11-02T05:31:00Z'),
  (2, 'breakfast', 'warm', 60, '#ffe2b0', 1, 2, 28, 0.77, '2025-10-03T08:12:00Z', '2025-11-02T06:10:00Z'),
  (3, 'leaving', 'off', 0, NULL, 6, 1, 40, 0.91, '2025-10-03T08:14:00Z', '2025-11-01T07:40:00Z'),
  (4, 'homework', 'cool', 90, '#ffffff', 3, 4, 17, 0.64, '2025-10-04T15:00:00Z', '2025-10-31T15:20:00Z'),
  (5, 'evening', 'warm', 40, '#ffb66b', 2, 2, 44, 0.95, '2025-10-04T18:00:00Z', '2025-11-01T18:05:00Z'),
  (6, 'film', 'warm', 10, '#ff8a3c', 2, 5, 9, 0.41, '2025-10-05T20:00:00Z', '2025-10-26T20:15:00Z'),
  (7, 'night', 'off', 0, NULL, 4, 1, 52, 0.97, '2025-10-05T22:00:00Z', '2025-11-01T22:30:00Z'),
  (8, 'guests', 'warm', 80, '#ffd9a0', 2, 6, 3, 0.22, '2025-10-20T12:30:00Z', '2025-10-25T18:00:00Z'),
  (9, 'holiday', 'warm', 30, '#ffca80', 2, 1, 1, 0.05, '2025-10-28T09:00:00Z', NULL);

WITH RECURSIVE number (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM number WHERE n < 12)
INSERT INTO sessions (token, user_id, created_at, expires_at)
SELECT
  lower(hex(printf('dashboard-%03d', n))), CASE n % 5 WHEN 0 THEN 1 WHEN 1 THEN 4 WHEN 2 THEN 2 WHEN 3 THEN 5 ELSE 6 END,
  strftime('%Y-%m-%dT%H:%M:%SZ', '2025-10-22 07:00:00', '+' || (n * 20) || ' hours'),
  strftime('%Y-%m-%dT%H:%M:%SZ', '2025-11-21 07:00:00', '+' || (n * 20) || ' hours')
FROM number
ORDER BY n;
