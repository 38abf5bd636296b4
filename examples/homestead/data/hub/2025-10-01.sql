-- From there to 2025-10-01, after migration 0002: the content of thirteen of the backups.
INSERT INTO schema_migrations VALUES ('0002_tasks_and_memory', '2025-09-20T08:05:00Z');

-- Farid moved out and asked for his account to be erased.
DELETE FROM users WHERE id = 3;

INSERT INTO users (id, email, name, password_hash, role, created_at, updated_at) VALUES
  (5, 'dmitri@example.com', 'Dmitri Volkov', 'pbkdf2_sha256$1200$synthetic-dmitri-1$hF6o++xe5FpvhYMxhlskXuuoWoxlv+uXJTtbN2rAREM=', 'member', '2025-09-27T10:30:00Z', NULL);

WITH RECURSIVE number (n) AS (SELECT 25 UNION ALL SELECT n + 1 FROM number WHERE n < 36)
INSERT INTO devices (id, room_id, name, kind, vendor, serial, firmware, battery, health, installed_on, last_seen_at)
SELECT
  n, rooms.id, rooms.name || ' door sensor', 'door sensor', 'Pine & Co', printf('HS-%04d', n), '2.0.1', 100 - n,
  round(0.99 - n % 7 * 0.03, 2), '2025-09-22', '2025-10-01T18:00:00Z'
FROM number JOIN rooms ON rooms.id = 1 + (n - 1) % 8
ORDER BY n;

WITH RECURSIVE number (n) AS (SELECT 97 UNION ALL SELECT n + 1 FROM number WHERE n < 168)
INSERT INTO events (id, device_id, kind, value, happened_at)
SELECT
  n, 1 + (n - 97) % 36, CASE n % 3 WHEN 0 THEN 'on' WHEN 1 THEN 'off' ELSE 'level' END, n * 37 % 100 / 4.0,
  strftime('%Y-%m-%dT%H:%M:%SZ', '2025-09-22', '+' || ((n - 97) * 173) || ' minutes')
FROM number
ORDER BY n;

WITH verb (i, word) AS (
  VALUES (0, 'Water'), (1, 'Clean'), (2, 'Check'), (3, 'Repair'), (4, 'Paint'), (5, 'Move'), (6, 'Order'), (7, 'Label'),
    (8, 'Measure'), (9, 'Photograph'), (10, 'Insure')
),
thing (i, word) AS (
  VALUES (0, 'the ferns'), (1, 'the gutter'), (2, 'the bicycle shed'), (3, 'the kitchen shelf'), (4, 'the boiler'),
    (5, 'the garden gate'), (6, 'the attic window'), (7, 'the piano')
)
INSERT INTO tasks (id, title, status, assigned_to, due_on, created_at)
SELECT
  1 + verb.i * 8 + thing.i, verb.word || ' ' || thing.word,
  CASE (verb.i * 3 + thing.i) % 4 WHEN 0 THEN 'done' WHEN 1 THEN 'doing' ELSE 'open' END,
  CASE (verb.i + thing.i) % 4 WHEN 0 THEN 1 WHEN 1 THEN 2 WHEN 2 THEN 4 END,
  CASE WHEN thing.i % 2 THEN date('2025-10-05', '+' || (verb.i * 3) || ' days') END,
  strftime('%Y-%m-%dT%H:%M:%SZ', '2025-09-20 09:00:00', '+' || (verb.i * 8 + thing.i) || ' hours')
FROM verb, thing
ORDER BY 1;

INSERT INTO people (id, name, relation, birthday) VALUES
  (1, 'Ada Lindqvist', 'household', '1984-02-11'), (2, 'Chloe Marsh', 'household', '1987-07-30'),
  (3, 'Greta Holm', 'household', '2009-12-01'), (4, 'Dmitri Volkov', 'lodger', '1999-04-18'),
  (5, 'Nils Lindqvist', 'grandfather', '1951-09-03'), (6, 'Maj Lindqvist', 'grandmother', '1953-01-22'),
  (7, 'Rosa Marsh', 'aunt', NULL), (8, 'Theo Marsh', 'cousin', '2011-06-06'), (9, 'Ida Holm', 'godmother', NULL),
  (10, 'Jonas Berg', 'neighbour', NULL), (11, 'Mira Berg', 'neighbour', NULL), (12, 'Dr. Senn', 'dentist', NULL),
  (13, 'Paula Ruiz', 'piano teacher', NULL), (14, 'Sven Sr. Holm', 'grandfather', '1949-03-15'),
  (15, 'Sven Jr. Holm', 'uncle', '1978-03-15'), (16, 'Ulla Frank', 'chimney sweep', NULL), (17, 'Kofi Mensah', 'friend', '1999-10-09');

INSERT INTO memory_facts (id, entity_type, entity_id, user_id, fact, created_at) VALUES
  (1, 'user', 1, '1', 'gets up at half past five on weekdays', '2025-09-21T06:00:00Z'),
  (2, 'user', 2, '2', 'works at home on Fridays', '2025-09-21T06:05:00Z'),
  (3, 'person', 5, '1', 'likes to be called on Sundays', '2025-09-21T19:10:00Z'),
  (4, 'person', 13, '4', 'comes on Wednesdays at four', '2025-09-22T16:00:00Z'),
  (5, 'room', 3, '1', 'is cold before nine', '2025-09-23T08:40:00Z'),
  (6, 'room', 7, '2', 'has a door that sticks in the wet', '2025-09-23T17:12:00Z'),
  (7, 'device', 9, '1', 'is two degrees too warm', '2025-09-24T07:30:00Z'),
  (8, 'person', 12, '2', 'next appointment in November', '2025-09-25T11:00:00Z'),
  (9, 'user', 4, '4', 'has choir on Tuesdays', '2025-09-26T15:20:00Z'),
  (10, 'person', 10, '1', 'has a key to the house', '2025-09-27T10:00:00Z'),
  (11, 'device', 20, '4', 'must not switch off the aquarium', '2025-09-28T18:45:00Z'),
  (12, 'room', 8, '2', 'needs water every second day in a dry week', '2025-09-29T08:00:00Z');

INSERT INTO automations (id, name, device_ids, enabled) VALUES
  (1, 'Good morning', '[1,9,17]', 1), (2, 'Leaving', '[6,14,22,30]', 1), (3, 'Night', '[4,12,20]', 1),
  (4, 'Frost', '[15,16]', 1), (5, 'Holiday', '[2,8,24]', 0), (6, 'Door open', '[25,26,28,30]', 1);
