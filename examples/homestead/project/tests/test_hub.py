"""The hub: rooms, devices, tasks, memory, calendar and the dashboard's log-in."""
import unittest

from tests.support import Service


class Hub(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.hub = Service("services.hub.app").__enter__()
        cls.addClassCleanup(cls.hub.__exit__)

    def test_rooms_know_how_many_devices_they_have(self):
        status, rooms = self.hub.get("/rooms")
        self.assertEqual(status, 200)
        self.assertEqual(
            [room["name"] for room in rooms[:8]],
            ["Kitchen", "Living room", "Study", "Bedroom", "Bathroom", "Hall", "Garage", "Garden"],
        )
        self.assertTrue(all(room["devices"] >= 4 for room in rooms[:8]))

    def test_devices_are_listed_with_their_room(self):
        _, devices = self.hub.get("/devices")
        by_serial = {device["serial"]: device for device in devices}
        self.assertGreaterEqual(len(by_serial), 38)
        self.assertEqual(by_serial["HS-0001"]["room"], "Kitchen")

    def test_events_of_a_device_come_newest_first(self):
        _, devices = self.hub.get("/devices")
        number = next(device["id"] for device in devices if device["serial"] == "HS-0003")
        _, events = self.hub.get(f"/devices/{number}/events")
        moments = [event["happened_at"] for event in events]
        self.assertEqual(len(moments), 6)
        self.assertEqual(moments, sorted(moments, reverse=True))

    def test_tasks_of_the_household_and_of_the_planner(self):
        _, tasks = self.hub.get("/tasks?status=doing")
        _, planned = self.hub.get("/tasks?status=doing&planned=1")
        self.assertGreaterEqual(len(tasks), 10)
        self.assertTrue(all(task["status"] == "doing" for task in tasks + planned))

    def test_facts_belong_to_a_person(self):
        _, facts = self.hub.get("/facts?user=1")
        self.assertGreaterEqual(len(facts), 5)
        self.assertEqual(self.hub.get("/facts?user=nobody"), (200, []))

    def test_the_calendar_is_searched_by_words(self):
        _, found = self.hub.get("/calendar?q=chimney")
        self.assertEqual([entry["title"] for entry in found], ["Chimney sweep"])

    def test_who_has_a_password_logs_in_at_the_dashboard(self):
        status, answer = self.hub.post("/login", {"email": "Greta@Example.org", "password": "greta-example"})
        self.assertEqual((status, answer["name"]), (200, "Greta Holm"))
        self.assertEqual(self.hub.get(f"/me?token={answer['token']}")[1]["role"], "member")

    def test_who_has_none_does_not(self):
        self.assertEqual(self.hub.post("/login", {"email": "test@example.com", "password": "disabled"})[0], 401)
        self.assertEqual(self.hub.post("/login", {"email": "nobody@example.com", "password": "x"})[0], 401)

    def test_a_new_scene_goes_to_the_file_of_the_switches(self):
        self.assertEqual(self.hub.post("/scenes", {"name": "reading", "mode": "cool", "brightness": 80})[0], 201)
        lines = (self.hub.folder / "exports" / "scenes.csv").read_text(encoding="utf-8").splitlines()
        self.assertEqual(lines[-1], "reading,cool,80,0")

    def test_an_unknown_address_is_said_to_be_unknown(self):
        self.assertEqual(self.hub.get("/nowhere")[0], 404)


if __name__ == "__main__":
    unittest.main()
