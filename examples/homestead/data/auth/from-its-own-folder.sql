-- services/auth/data/auth.db: what the service made when it was started inside services/auth. Its first revision only, ids from 1 again.
INSERT INTO alembic_version (version_num) VALUES ('a1f0');

INSERT INTO users (id, name, email, role, password_hash, created_at, updated_at) VALUES
  (1, 'Ben Okafor', 'ben@example.com', 'member', 'pbkdf2_sha256$1200$synthetic-ben$esRUbO7RxJmkl2pJEEQgW6DSY8CdQ4f7yk6zhYNJMIA=', '2025-09-19 14:00:00', NULL),
  (2, 'Dmitri Volkov', 'dmitri@example.com', 'owner', 'pbkdf2_sha256$1200$synthetic-dmitri-3$3V17NKfoEkiclazcyVJok9vyH6hPUKTmJu67HGk0c50=', '2025-09-20 11:10:00', NULL),
  (3, 'Ada Lindqvist', 'Ada@Example.com', 'admin', 'pbkdf2_sha256$1200$synthetic-ada-3$W3rrq0XirK4mdLp9MAeOWy3GqRURJrPf4jGvhNBUMLQ=', '2025-09-20 11:30:00', NULL);

WITH RECURSIVE number (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM number WHERE n < 6)
INSERT INTO sessions (token, user_id, created_at, expires_at, user_agent)
SELECT
  lower(hex(printf('local-%03d', n))), 1 + n % 3, datetime('2025-09-20 12:00:00', '+' || n || ' hours'),
  datetime('2025-10-20 12:00:00', '+' || n || ' hours'), 'curl'
FROM number
ORDER BY n;
