-- data/calendar.db: `events` are entries of a calendar here, not what devices send. The full-text index follows by triggers.
CREATE TABLE events (
  id INTEGER PRIMARY KEY,
  title TEXT NOT NULL,
  starts_at TEXT NOT NULL,
  ends_at TEXT,
  place TEXT NOT NULL DEFAULT ''
);
CREATE VIRTUAL TABLE events_search USING fts5 (title, content = 'events', content_rowid = 'id');
CREATE TRIGGER events_added AFTER INSERT ON events BEGIN
  INSERT INTO events_search (rowid, title) VALUES (new.id, new.title);
END;
CREATE TRIGGER events_removed AFTER DELETE ON events BEGIN
  INSERT INTO events_search (events_search, rowid, title) VALUES ('delete', old.id, old.title);
END;
CREATE TRIGGER events_changed AFTER UPDATE ON events BEGIN
  INSERT INTO events_search (events_search, rowid, title) VALUES ('delete', old.id, old.title);
  INSERT INTO events_search (rowid, title) VALUES (new.id, new.title);
END;

INSERT INTO events (id, title, starts_at, ends_at, place) VALUES
  (1, 'Parents'' evening', '2025-09-04T19:00', '2025-09-04T21:00', 'school'),
  (2, 'Chimney sweep', '2025-11-12T08:00', '2025-11-12T09:00', 'home'),
  (3, 'Choir', '2025-09-09T18:30', '2025-09-09T20:00', 'town hall'),
  (4, 'Piano lesson', '2025-09-10T16:00', '2025-09-10T16:45', 'home'),
  (5, 'Dentist', '2025-11-06T10:20', NULL, 'Dr. Senn'),
  (6, 'Grandfather''s birthday', '2025-09-03', NULL, ''),
  (7, 'Harvest supper', '2025-09-27T18:00', '2025-09-27T23:00', 'garden'),
  (8, 'Car inspection', '2025-10-16T07:45', NULL, 'garage'),
  (9, 'Autumn holidays', '2025-10-04', '2025-10-18', ''),
  (10, 'Boiler maintenance', '2025-10-21T09:00', '2025-10-21T11:00', 'home'),
  (11, 'Board games', '2025-10-24T19:00', NULL, 'home'),
  (12, 'Clocks go back', '2025-10-26T03:00', NULL, ''),
  (13, 'Lantern walk', '2025-11-11T17:00', '2025-11-11T19:00', 'village'),
  (14, 'Theo stays over', '2025-11-08', '2025-11-09', 'home'),
  (15, 'Paper collection', '2025-11-05', NULL, ''),
  (16, 'Concert', '2025-11-22T19:30', '2025-11-22T22:00', 'town hall');
