-- From there to 2025-11-02: data/auth.db as it is.
UPDATE users SET role = 'admin', updated_at = '2025-10-15 10:00:00' WHERE id = 2;

WITH RECURSIVE number (n) AS (SELECT 41 UNION ALL SELECT n + 1 FROM number WHERE n < 93)
INSERT INTO sessions (token, user_id, created_at, expires_at, user_agent)
SELECT
  lower(hex(printf('session-%03d', n))), 1 + (n + 2) % 6, datetime('2025-10-12 06:30:00', '+' || ((n - 40) * 9) || ' hours'),
  datetime('2025-11-11 06:30:00', '+' || ((n - 40) * 9) || ' hours'),
  CASE n % 2 WHEN 0 THEN 'Homestead/1.0 (phone)' ELSE 'Homestead/1.1 (tablet)' END
FROM number
ORDER BY n;

UPDATE users SET last_login_at = (SELECT max(created_at) FROM sessions WHERE sessions.user_id = users.id);
