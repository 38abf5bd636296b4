"""Scenes. A new one goes straight to the file that the energy service reads, past the database."""
import csv

from services.hub import settings

SCENES_CSV = settings.EXPORTS_DIR / "scenes.csv"


def add(name, mode, brightness):
    """Appends a scene."""
    with open(SCENES_CSV, "a", newline="", encoding="utf-8") as file:
        csv.writer(file, lineterminator="\n").writerow([name, mode, brightness, 0])
