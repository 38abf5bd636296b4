"""The connection to the broker, without a broker."""
import json
import unittest
from unittest import mock

from services.hub.mqtt.connection import Connection


class Mqtt(unittest.TestCase):
    @mock.patch("services.hub.mqtt.connection.open_socket")
    def test_a_message_is_one_line_of_json(self, open_socket):
        connection = Connection("kitchen")
        self.assertEqual(connection.publish("lamp", {"on": True}), 1)
        self.assertEqual(connection.publish("lamp", {"on": False}), 2)
        line = open_socket.return_value.__enter__.return_value.sendall.call_args.args[0]
        self.assertTrue(line.endswith(b"\n"))
        self.assertEqual(json.loads(line), {"from": "kitchen", "topic": "lamp", "payload": {"on": False}})


if __name__ == "__main__":
    unittest.main()
