"""Known bug: Ben has an account at the auth service, and the dashboard does not know him.

`python3 -m unittest tests.known_bugs.ben_cannot_log_in` says "expected failures" as long as that is so. With
HOMESTEAD_EXPECT=fixed it must simply pass: set that once the accounts are in one place.
"""
import os
import unittest

from tests.support import Service

known_bug = (lambda test: test) if os.environ.get("HOMESTEAD_EXPECT") == "fixed" else unittest.expectedFailure


class OneAccountForEverything(unittest.TestCase):
    ben = {"email": "ben@example.com", "password": "ben-example"}

    def test_ben_logs_in_at_the_auth_service(self):
        with Service("services.auth.app") as auth:
            self.assertEqual(auth.post("/login", self.ben)[0], 200)

    @known_bug
    def test_ben_logs_in_at_the_dashboard(self):
        with Service("services.hub.app") as hub:
            self.assertEqual(hub.post("/login", self.ben)[0], 200)


if __name__ == "__main__":
    unittest.main()
