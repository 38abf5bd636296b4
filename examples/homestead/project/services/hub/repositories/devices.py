"""Devices and the events that they sent."""
from services.hub.db.connection import query


def all_devices():
    """Every device with the name of its room."""
    return query(
        """
        SELECT devices.id, devices.serial, devices.name, devices.kind, devices.last_seen_at, rooms.name AS room
        FROM devices LEFT JOIN rooms ON rooms.id = devices.room_id
        ORDER BY devices.id
        """
    )


def events_of(device_id, limit=50):
    """The newest events of one device."""
    return query(
        "SELECT id, kind, value, happened_at FROM events WHERE device_id = ? ORDER BY happened_at DESC, id DESC LIMIT ?",
        (device_id, limit),
    )
