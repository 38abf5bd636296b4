"""Copies accounts from data/auth.db into data/hub.db. Was run once, in September. Do not run again."""
import argparse
import sqlite3

if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--dry-run", action="store_true", help="change nothing")
    parser.parse_args()
    hub = sqlite3.connect("data/hub.db")
    hub.execute("ATTACH 'data/auth.db' AS auth")
    done = hub.execute(
        """
        INSERT OR IGNORE INTO users (id, email, name, password_hash, role, created_at)
        SELECT id, email, name, password_hash, role, created_at FROM auth.users
        """
    )
    hub.commit()
    print(f"copied {done.rowcount} users")
