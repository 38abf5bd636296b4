"""The hub: rooms, devices, tasks and the dashboard. Started from the project's root: `python3 -m services.hub.app`."""
import argparse
import json
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

from services.hub import settings
from services.hub.repositories import calendar, devices, memory, rooms, scenes, tasks, users

PAGES = {"/": ("index.html", "text/html"), "/app.js": ("app.js", "text/javascript"), "/format.js": ("format.js", "text/javascript")}


def answer(method, path, arguments, body):
    """Status and JSON for one request; None where there is no such address."""
    if (method, path) == ("GET", "/health"):
        return 200, {"ok": True, "devices": len(devices.all_devices())}
    if (method, path) == ("GET", "/rooms"):
        return 200, rooms.all_rooms()
    if (method, path) == ("GET", "/devices"):
        return 200, devices.all_devices()
    if method == "GET" and path.startswith("/devices/") and path.endswith("/events"):
        return 200, devices.events_of(int(path.split("/")[2]))
    if (method, path) == ("GET", "/tasks"):
        source = tasks.planned if arguments.get("planned") else tasks.by_status
        return 200, source(arguments.get("status", "open"))
    if (method, path) == ("GET", "/facts"):
        return 200, memory.facts_of(arguments.get("user", ""))
    if (method, path) == ("GET", "/people"):
        return 200, memory.people()
    if (method, path) == ("GET", "/calendar"):
        return 200, calendar.search(arguments.get("q", ""))
    if (method, path) == ("POST", "/login"):
        found = users.log_in(body.get("email", ""), body.get("password", ""))
        return (200, found) if found else (401, {"error": "unknown e-mail or password"})
    if (method, path) == ("GET", "/me"):
        person = users.person_of(arguments.get("token", ""))
        return (200, person) if person else (401, {"error": "not logged in"})
    if (method, path) == ("POST", "/scenes"):
        scenes.add(body["name"], body.get("mode", "warm"), int(body.get("brightness", 50)))
        return 201, {"added": body["name"]}
    return None


class Handler(BaseHTTPRequestHandler):
    """Translates between HTTP and `answer`."""

    def do_GET(self):
        self.reply("GET")

    def do_POST(self):
        self.reply("POST")

    def reply(self, method):
        url = urlsplit(self.path)
        if method == "GET" and url.path in PAGES:
            name, kind = PAGES[url.path]
            return self.send(200, kind, (settings.DASHBOARD_DIR / name).read_bytes())
        length = int(self.headers.get("Content-Length") or 0)
        body = json.loads(self.rfile.read(length) or b"{}")
        arguments = {name: values[0] for name, values in parse_qs(url.query).items()}
        status, content = answer(method, url.path, arguments, body) or (404, {"error": "no such address"})
        return self.send(status, "application/json", json.dumps(content).encode())

    def send(self, status, kind, content):
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_):
        """Quiet: the proxy in front writes the access log."""


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=8100)
    server = ThreadingHTTPServer(("127.0.0.1", parser.parse_args().port), Handler)
    print(f"hub listening on http://127.0.0.1:{server.server_port}", flush=True)
    server.serve_forever()


if __name__ == "__main__":
    main()
