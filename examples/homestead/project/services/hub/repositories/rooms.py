"""Rooms and what stands in them."""
from ..db.connection import query


def all_rooms():
    """Every room with its number of devices."""
    return query(
        """
        SELECT rooms.id, rooms.name, rooms.floor, count(devices.id) AS devices
        FROM rooms LEFT JOIN devices ON devices.room_id = rooms.id
        GROUP BY rooms.id
        ORDER BY rooms.id
        """
    )
