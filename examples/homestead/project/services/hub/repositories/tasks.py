"""Household tasks. Those that the planner makes live in a store of their own."""
from services.hub import settings
from services.hub.core.connection import query

PLANNED = str(settings.DATA_DIR / "tasks.db")


def by_status(status):
    """Tasks of the household."""
    return query("SELECT id, title, status, due_on FROM tasks WHERE status = ? ORDER BY id", (status,))


def planned(status):
    """Tasks as the planner sees them."""
    return query("SELECT id, title, status FROM dynamic_tasks WHERE status = ? ORDER BY id", (status,), PLANNED)
