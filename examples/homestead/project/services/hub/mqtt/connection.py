"""Connection to the message broker: a socket, no database."""
import json
import socket

from services.hub import settings


def open_socket(host=settings.MQTT_HOST, port=settings.MQTT_PORT, timeout=2.0):
    """Connects to the broker."""
    return socket.create_connection((host, port), timeout=timeout)


class Connection:
    """Publishes one JSON line per message."""

    def __init__(self, client_id):
        self.client_id = client_id
        self.sent = 0

    def publish(self, topic, payload):
        """Sends one message; returns its sequence number."""
        line = json.dumps({"from": self.client_id, "topic": topic, "payload": payload})
        with open_socket() as stream:
            stream.sendall(line.encode() + b"\n")
        self.sent += 1
        return self.sent
