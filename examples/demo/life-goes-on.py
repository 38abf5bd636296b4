"""What the application writes after the run, with the code of its services as it is then. Prints lines as JSON."""
import json

from services.auth import sessions
from services.hub.repositories import users

lines = []
number = sessions.register("nell@example.org", "Nell New", "nell-example")
lines.append(f"auth service  registers nell@example.org   users.id {number}")
if sessions.log_in("nell@example.org", "nell-example", "Homestead/1.1 (tablet)"):
    lines.append("auth service  logs Nell in                1 session")
if users.log_in("ben@example.com", "ben-example"):
    lines.append("dashboard     logs Ben in                 1 session")
print(json.dumps(lines))
