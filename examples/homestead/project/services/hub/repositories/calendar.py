"""The family calendar, with full-text search."""
from services.hub import settings
from services.hub.core.connection import query


def search(words):
    """Entries whose title has all the words."""
    return query(
        """
        SELECT events.id, events.title, events.starts_at
        FROM events_search JOIN events ON events.id = events_search.rowid
        WHERE events_search MATCH ?
        ORDER BY events.starts_at
        """,
        (words,),
        f"{settings.DATA_DIR}/calendar.db",
    )
