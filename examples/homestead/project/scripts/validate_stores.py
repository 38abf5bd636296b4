"""Fails when somebody brings back a store that was given up."""
import sys
from pathlib import Path

FORBIDDEN = ["data/sessions.db", "data/users.db", "hub.sqlite"]

if __name__ == "__main__":
    back = [name for name in FORBIDDEN if Path(name).exists()]
    sys.exit(f"given up, and here again: {', '.join(back)}" if back else 0)
