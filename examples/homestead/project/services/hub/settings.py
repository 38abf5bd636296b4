"""Settings of the hub, from the environment."""
import os
from pathlib import Path

HUB_DB = os.getenv("HUB_DB", "data/hub.db")
DATA_DIR = Path(os.getenv("DATA_DIR", "data"))
EXPORTS_DIR = Path(os.getenv("EXPORTS_DIR", "exports"))
DASHBOARD_DIR = Path(__file__).resolve().parents[2] / "dashboard"
MQTT_HOST = os.getenv("MQTT_HOST", "127.0.0.1")
MQTT_PORT = int(os.getenv("MQTT_PORT", "1883"))
# Nobody reads these two any more.
HUB_CACHE_DB = os.getenv("HUB_CACHE_DB", "data/cache.db")
HUB_THEME = os.getenv("HUB_THEME", "light")
