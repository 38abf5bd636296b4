-- data/devices-copy.db: taken from the hub (attached as `hub`) on Saturday, for a weekend in the garden. Three devices and a room were
-- added there and never carried back; on Sunday the hub gave the same ids to other devices.
CREATE TABLE rooms (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, floor INTEGER NOT NULL);
CREATE TABLE devices (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  room_id INTEGER REFERENCES rooms (id),
  name TEXT NOT NULL,
  kind TEXT NOT NULL,
  vendor TEXT NOT NULL,
  serial TEXT NOT NULL UNIQUE,
  firmware TEXT,
  battery INTEGER,
  health REAL NOT NULL DEFAULT 1.0,
  installed_on TEXT NOT NULL,
  last_seen_at TEXT
);

INSERT INTO rooms (id, name, floor) SELECT id, name, floor FROM hub.rooms ORDER BY id;
INSERT INTO rooms (id, name, floor) VALUES (9, 'Shed', 0);

INSERT INTO devices (id, room_id, name, kind, vendor, serial, firmware, battery, health, installed_on, last_seen_at)
SELECT id, room_id, name, kind, vendor, serial, firmware, battery, health, installed_on, last_seen_at
FROM hub.devices
WHERE id < 39
ORDER BY id;

UPDATE devices SET firmware = '1.9.9' WHERE id = 8;

INSERT INTO devices (id, room_id, name, kind, vendor, serial, firmware, battery, health, installed_on, last_seen_at) VALUES
  (39, 9, 'Shed lamp', 'lamp', 'Nordlicht', 'HS-0201', '1.2.0', NULL, 0.99, '2025-11-01', '2025-11-02T17:00:00Z'),
  (40, 8, 'Garden pump', 'plug', 'Acme Home', 'HS-0202', '1.0.0', NULL, 0.98, '2025-11-01', '2025-11-02T17:05:00Z'),
  (41, 8, 'Garden moisture sensor', 'moisture sensor', 'Pine & Co', 'HS-0203', '0.3.1', 76, 0.9, '2025-11-02', '2025-11-02T17:10:00Z');
