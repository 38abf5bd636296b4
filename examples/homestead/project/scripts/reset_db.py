"""Empties the event log of the hub. Asks for --yes-really."""
import sys

sys.path.insert(0, "services/hub")
from db.connection import execute  # noqa: E402

if __name__ == "__main__":
    if "--yes-really" not in sys.argv:
        sys.exit("This deletes every event. Say --yes-really.")
    print(execute("DELETE FROM events"), "events deleted")
