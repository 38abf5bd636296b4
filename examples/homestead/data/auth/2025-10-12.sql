-- From there to 2025-10-12, after revision b2c4: the last state that went into git.
UPDATE alembic_version SET version_num = 'b2c4';

INSERT INTO users (id, name, email, role, password_hash, created_at, updated_at) VALUES
  (5, 'Ben Okafor', 'ben@example.com', 'member', 'pbkdf2_sha256$1200$synthetic-ben$esRUbO7RxJmkl2pJEEQgW6DSY8CdQ4f7yk6zhYNJMIA=', '2025-10-05 16:20:00', '2025-10-05 16:20:00'),
  (6, 'Dmitri Volkov', 'dmitri@example.com', 'member', 'pbkdf2_sha256$1200$synthetic-dmitri-2$xP4ZNMYNsLyvP1E+Bs+otehXSJiU+TTIvpFwVm5R5zY=', '2025-10-11 08:55:00', '2025-10-11 08:55:00');

WITH RECURSIVE number (n) AS (SELECT 13 UNION ALL SELECT n + 1 FROM number WHERE n < 40)
INSERT INTO sessions (token, user_id, created_at, expires_at, user_agent)
SELECT
  lower(hex(printf('session-%03d', n))), 1 + (n + 2) % 4, datetime('2025-09-18 06:30:00', '+' || (n * 13) || ' hours'),
  datetime('2025-10-18 06:30:00', '+' || (n * 13) || ' hours'), 'Homestead/1.0 (phone)'
FROM number
ORDER BY n;
