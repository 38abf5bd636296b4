"""The auth service: who has an account can log in, who has none cannot."""
import unittest

from services.auth.passwords import make_hash, matches
from tests.support import Service


class Passwords(unittest.TestCase):
    def test_a_password_belongs_to_its_own_hash_only(self):
        stored = make_hash("open sesame")
        self.assertTrue(matches("open sesame", stored))
        self.assertFalse(matches("open barley", stored))

    def test_a_disabled_account_has_no_password(self):
        self.assertFalse(matches("disabled", "disabled"))


class Accounts(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.auth = Service("services.auth.app").__enter__()
        cls.addClassCleanup(cls.auth.__exit__)

    def test_people_with_an_account_log_in(self):
        for email, password in (("greta@example.org", "greta-example"), ("ben@example.com", "ben-example")):
            with self.subTest(email):
                status, answer = self.auth.post("/login", {"email": email, "password": password})
                self.assertEqual(status, 200)
                status, person = self.auth.get(f"/session/{answer['token']}")
                self.assertEqual((status, person["email"]), (200, email))

    def test_a_wrong_password_is_refused(self):
        status, _ = self.auth.post("/login", {"email": "greta@example.org", "password": "guess"})
        self.assertEqual(status, 401)

    def test_a_new_account_works_at_once_and_exists_once(self):
        account = {"email": "new@example.org", "name": "Nell New", "password": "nell-example"}
        self.assertEqual(self.auth.post("/register", account)[0], 201)
        self.assertEqual(self.auth.post("/register", {**account, "email": "NEW@example.org"})[0], 409)
        self.assertEqual(self.auth.post("/login", account)[0], 200)

    def test_sessions_of_before_are_still_good(self):
        status, person = self.auth.get("/session/73657373696f6e2d303031")
        self.assertEqual((status, person["email"]), (200, "greta@example.org"))

    def test_an_unknown_session_is_refused(self):
        self.assertEqual(self.auth.get("/session/00ff")[0], 401)


if __name__ == "__main__":
    unittest.main()
