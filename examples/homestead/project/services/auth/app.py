"""Accounts and sessions. Started as `python3 -m services.auth.app`, or in this folder as `python3 app.py`."""
import argparse
import json
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

try:
    from services.auth import sessions
    from services.auth.migrations.run import upgrade
except ImportError:  # started as `python3 app.py` inside services/auth
    import sessions
    from migrations.run import upgrade


def answer(method, path, body, agent=""):
    """Status and JSON for one request; None where there is no such address."""
    if (method, path) == ("GET", "/health"):
        return 200, {"ok": True}
    if (method, path) == ("POST", "/register"):
        number = sessions.register(body["email"], body["name"], body["password"])
        return (201, {"id": number}) if number else (409, {"error": "e-mail is taken"})
    if (method, path) == ("POST", "/login"):
        found = sessions.log_in(body.get("email", ""), body.get("password", ""), agent)
        return (200, found) if found else (401, {"error": "unknown e-mail or password"})
    if method == "GET" and path.startswith("/session/"):
        person = sessions.person_of(path.removeprefix("/session/"))
        return (200, person) if person else (401, {"error": "not logged in"})
    return None


class Handler(BaseHTTPRequestHandler):
    """Translates between HTTP and `answer`."""

    def do_GET(self):
        self.reply("GET")

    def do_POST(self):
        self.reply("POST")

    def reply(self, method):
        length = int(self.headers.get("Content-Length") or 0)
        body = json.loads(self.rfile.read(length) or b"{}")
        agent = self.headers.get("User-Agent", "")
        status, content = answer(method, self.path, body, agent) or (404, {"error": "no such address"})
        data = json.dumps(content).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_):
        """Quiet: the proxy in front writes the access log."""


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=8200)
    upgrade()
    server = ThreadingHTTPServer(("127.0.0.1", parser.parse_args().port), Handler)
    print(f"auth listening on http://127.0.0.1:{server.server_port}", flush=True)
    server.serve_forever()


if __name__ == "__main__":
    main()
