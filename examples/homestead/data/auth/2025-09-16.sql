-- data/auth.db on the evening of its making: the hub's users (attached as `hub`), times rewritten the way the new service writes them.
INSERT INTO alembic_version (version_num) VALUES ('a1f0');

INSERT INTO users (id, name, email, role, password_hash, created_at, updated_at)
SELECT id, name, email, role, password_hash, replace(rtrim(created_at, 'Z'), 'T', ' '), updated_at
FROM hub.users
ORDER BY id;

WITH RECURSIVE number (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM number WHERE n < 12)
INSERT INTO sessions (token, user_id, created_at, expires_at, user_agent)
SELECT
  lower(hex(printf('session-%03d', n))), 1 + (n + 2) % 4, datetime('2025-09-16 19:00:00', '+' || (n * 9) || ' minutes'),
  datetime('2025-10-16 19:00:00', '+' || (n * 9) || ' minutes'), 'Homestead/1.0 (phone)'
FROM number
ORDER BY n;
