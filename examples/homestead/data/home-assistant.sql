-- data/homeassistant/home-assistant_v2.db: the recorder of Home Assistant, another program. Its tables, as far as they matter here.
CREATE TABLE schema_changes (change_id INTEGER NOT NULL PRIMARY KEY, schema_version INTEGER, changed DATETIME);
CREATE TABLE recorder_runs (run_id INTEGER NOT NULL PRIMARY KEY, start DATETIME, "end" DATETIME, closed_incorrect BOOLEAN, created DATETIME);
CREATE TABLE migration_changes (migration_id VARCHAR(255) NOT NULL PRIMARY KEY, version SMALLINT NOT NULL);
CREATE TABLE statistics_runs (run_id INTEGER NOT NULL PRIMARY KEY, start DATETIME);
CREATE TABLE event_types (event_type_id INTEGER NOT NULL PRIMARY KEY, event_type VARCHAR(64));
CREATE TABLE event_data (data_id INTEGER NOT NULL PRIMARY KEY, hash BIGINT, shared_data TEXT);
CREATE TABLE events (
  event_id INTEGER NOT NULL PRIMARY KEY,
  event_type VARCHAR(64),
  event_data TEXT,
  origin_idx SMALLINT,
  time_fired DATETIME,
  time_fired_ts FLOAT,
  data_id INTEGER REFERENCES event_data (data_id),
  context_id_bin BLOB,
  event_type_id INTEGER REFERENCES event_types (event_type_id)
);
CREATE TABLE states_meta (metadata_id INTEGER NOT NULL PRIMARY KEY, entity_id VARCHAR(255));
CREATE TABLE state_attributes (attributes_id INTEGER NOT NULL PRIMARY KEY, hash BIGINT, shared_attrs TEXT);
CREATE TABLE states (
  state_id INTEGER NOT NULL PRIMARY KEY,
  entity_id VARCHAR(255),
  state VARCHAR(255),
  last_changed_ts FLOAT,
  last_updated_ts FLOAT,
  old_state_id INTEGER REFERENCES states (state_id),
  attributes_id INTEGER REFERENCES state_attributes (attributes_id),
  context_id_bin BLOB,
  metadata_id INTEGER REFERENCES states_meta (metadata_id)
);
CREATE TABLE statistics_meta (id INTEGER NOT NULL PRIMARY KEY, statistic_id VARCHAR(255), source VARCHAR(32), unit_of_measurement VARCHAR(255), has_mean BOOLEAN, has_sum BOOLEAN, name VARCHAR(255));
CREATE TABLE statistics (id INTEGER NOT NULL PRIMARY KEY, created_ts FLOAT, metadata_id INTEGER REFERENCES statistics_meta (id) ON DELETE CASCADE, start_ts FLOAT, mean FLOAT, min FLOAT, max FLOAT, state FLOAT, sum FLOAT);
CREATE TABLE statistics_short_term (id INTEGER NOT NULL PRIMARY KEY, created_ts FLOAT, metadata_id INTEGER REFERENCES statistics_meta (id) ON DELETE CASCADE, start_ts FLOAT, mean FLOAT, min FLOAT, max FLOAT, state FLOAT, sum FLOAT);

INSERT INTO schema_changes VALUES (1, 50, '2025-09-03 20:00:00.000000');
INSERT INTO recorder_runs VALUES (1, '2025-09-03 20:00:01.000000', NULL, 0, '2025-09-03 20:00:01.000000');
INSERT INTO migration_changes VALUES ('entity_id_migration', 1), ('event_type_id_migration', 1);
INSERT INTO event_types VALUES (1, 'homeassistant_start'), (2, 'call_service'), (3, 'automation_triggered');
INSERT INTO event_data VALUES (1, 3160101020, '{}'), (2, 711234567, '{"domain":"light","service":"turn_on"}');
INSERT INTO states_meta VALUES (1, 'sun.sun'), (2, 'light.kitchen'), (3, 'sensor.garden_temperature');
INSERT INTO state_attributes VALUES (1, 55001122, '{"friendly_name":"Sun"}'), (2, 90017733, '{"friendly_name":"Kitchen"}'), (3, 1200345, '{"unit_of_measurement":"°C"}');
INSERT INTO statistics_meta VALUES (1, 'sensor.garden_temperature', 'recorder', '°C', 1, 0, NULL);

WITH RECURSIVE number (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM number WHERE n < 40)
INSERT INTO events (event_id, origin_idx, time_fired_ts, data_id, context_id_bin, event_type_id)
SELECT n, 0, 1760000000.5 + n * 600, 1 + n % 2, unhex(printf('%032x', n)), 1 + n % 3
FROM number
ORDER BY n;

WITH RECURSIVE number (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM number WHERE n < 90)
INSERT INTO states (state_id, state, last_changed_ts, last_updated_ts, old_state_id, attributes_id, context_id_bin, metadata_id)
SELECT
  n, CASE n % 3 WHEN 0 THEN 'above_horizon' WHEN 1 THEN 'on' ELSE printf('%.1f', 8 + n % 11 * 0.7) END, NULL, 1760000000.25 + n * 300,
  CASE WHEN n > 3 THEN n - 3 END, 1 + n % 3, unhex(printf('%032x', 1000 + n)), 1 + n % 3
FROM number
ORDER BY n;

WITH RECURSIVE number (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM number WHERE n < 24)
INSERT INTO statistics (id, created_ts, metadata_id, start_ts, mean, min, max)
SELECT n, 1760003610.5 + n * 3600, 1, 1760000400.0 + n * 3600, 9.5 + n % 5, 8.0 + n % 5, 11.0 + n % 5
FROM number
ORDER BY n;
