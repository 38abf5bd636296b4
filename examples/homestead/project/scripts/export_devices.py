"""Writes exports/devices.csv for the insurance. Nobody has run it since September."""
import csv
import sqlite3

if __name__ == "__main__":
    rows = sqlite3.connect("data/hub.db").execute("SELECT serial, name, kind, vendor, installed_on FROM devices ORDER BY id")
    with open("exports/devices.csv", "w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["serial", "name", "kind", "vendor", "installed_on"])
        writer.writerows(rows)
