"""Starts a service on a free port, in a temporary folder that holds copies of the stores. The stores themselves are never opened."""
import json
import os
import shutil
import subprocess
import sys
import tempfile
import urllib.error
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
OURS = ("HUB_DB", "AUTH_DB", "DATA_DIR", "EXPORTS_DIR", "ENERGY_DB", "STATE_DIR", "DATABASE_URL")


class Service:
    """A running service; use it in a `with` block."""

    def __init__(self, module):
        self.module = module

    def __enter__(self):
        self.folder = Path(tempfile.mkdtemp(prefix="homestead-"))
        for name in ("data", "exports"):
            if (ROOT / name).is_dir():
                shutil.copytree(ROOT / name, self.folder / name)
        environment = {name: value for name, value in os.environ.items() if name not in OURS}
        environment.update(PYTHONPATH=str(ROOT), PYTHONDONTWRITEBYTECODE="1")
        command = [sys.executable, "-m", self.module, "--port", "0"]
        self.process = subprocess.Popen(command, cwd=self.folder, env=environment, stdout=subprocess.PIPE, text=True)
        line = self.process.stdout.readline()
        if "listening on " not in line:
            self.__exit__()
            raise RuntimeError(f"{self.module} did not start")
        self.base = line.split("listening on ")[1].strip()
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait()
        self.process.stdout.close()
        shutil.rmtree(self.folder)

    def get(self, path):
        """Status and content of an address."""
        return self._ask(urllib.request.Request(self.base + path))

    def post(self, path, body):
        """Status and content of the answer to `body`."""
        return self._ask(urllib.request.Request(self.base + path, data=json.dumps(body).encode(), method="POST"))

    @staticmethod
    def _ask(request):
        try:
            with urllib.request.urlopen(request, timeout=10) as response:
                return response.status, json.load(response)
        except urllib.error.HTTPError as error:
            with error:
                return error.code, json.load(error)
