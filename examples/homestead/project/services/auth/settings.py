"""Settings of the auth service, from the environment."""
import os

# Relative on purpose, once: in the container the working directory is /app.
DB_PATH = os.getenv("AUTH_DB", "data/auth.db")
SESSION_DAYS = int(os.getenv("AUTH_SESSION_DAYS", "30"))
