"""When somebody was last here."""
revision = "b2c4"
down_revision = "a1f0"
statements = ["ALTER TABLE users ADD COLUMN last_login_at TEXT"]
