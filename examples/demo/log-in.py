"""Ben logs in at both services: the real ones, on copies of the stores. Prints lines as JSON."""
import json

from tests.support import Service

BEN = {"email": "ben@example.com", "password": "ben-example"}
lines = []
for module, name in (("services.auth.app", "auth service"), ("services.hub.app", "dashboard")):
    with Service(module) as service:
        status, answer = service.post("/login", BEN)
        said = f"welcome, {answer['name']}" if status == 200 else answer["error"]
        lines.append(f"{name:<14}POST /login ben@example.com   {status}  {said}")
print(json.dumps(lines))
