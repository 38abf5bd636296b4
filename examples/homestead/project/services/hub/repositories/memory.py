"""What the assistant remembers. `user_id` is text: it comes out of a session of the auth service."""
import os

from services.hub import settings
from services.hub.db.connection import query

MEMORY_DB = os.path.join(settings.DATA_DIR, "memory.db")


def facts_of(user_id):
    """Facts that the assistant may use for a person."""
    return query(
        "SELECT entity_type, entity_id, fact FROM memory_facts WHERE user_id = ? ORDER BY id",
        (str(user_id),),
        MEMORY_DB,
    )


def people():
    """People of the household and their friends. Read from the memory, where nobody ever wrote one."""
    return query("SELECT id, name, relation FROM people ORDER BY id", (), MEMORY_DB)
