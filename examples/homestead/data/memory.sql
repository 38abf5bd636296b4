-- data/memory.db: what the assistant remembers. Twelve facts came from the hub (attached as `hub`), 22 are its own; their `user_id` is the
-- auth service's, which gave 3, 5 and 6 to other people than the hub did. `people` was made for it and never filled.
CREATE TABLE people (id INTEGER PRIMARY KEY, name TEXT NOT NULL, relation TEXT NOT NULL, birthday TEXT);
CREATE TABLE memory_facts (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  entity_type TEXT NOT NULL,
  entity_id INTEGER NOT NULL,
  user_id TEXT NOT NULL,
  fact TEXT NOT NULL,
  created_at TEXT NOT NULL
);
CREATE TABLE embeddings (fact_id INTEGER PRIMARY KEY REFERENCES memory_facts (id), model TEXT NOT NULL, vector BLOB NOT NULL);

INSERT INTO memory_facts (id, entity_type, entity_id, user_id, fact, created_at)
SELECT id, entity_type, entity_id, user_id, fact, created_at FROM hub.memory_facts WHERE id <= 12 ORDER BY id;

INSERT INTO memory_facts (id, entity_type, entity_id, user_id, fact, created_at) VALUES
  (101, 'user', 5, '5', 'plays the cello before supper', '2025-10-06T17:00:00Z'),
  (102, 'user', 6, '6', 'wants the news at seven', '2025-10-12T07:00:00Z'),
  (103, 'user', 3, '3', 'prefers the blinds half open', '2025-09-17T08:00:00Z'),
  (104, 'room', 2, '5', 'is where the cello stands, keep it at 45 percent humidity', '2025-10-07T18:00:00Z'),
  (105, 'device', 2, '5', 'is the lamp for the music stand', '2025-10-07T18:05:00Z'),
  (106, 'person', 13, '5', 'teaches the cello too', '2025-10-08T16:30:00Z'),
  (107, 'person', 17, '6', 'visits in December', '2025-10-13T20:00:00Z'),
  (108, 'room', 4, '6', 'window is closed at night', '2025-10-13T22:00:00Z'),
  (109, 'device', 12, '6', 'may be switched off in October', '2025-10-14T07:10:00Z'),
  (110, 'user', 1, '1', 'takes the train at 07:12', '2025-10-14T06:40:00Z'),
  (111, 'user', 2, '2', 'is on call every third weekend', '2025-10-15T10:10:00Z'),
  (112, 'person', 6, '1', 'dislikes the hall camera', '2025-10-16T19:00:00Z'),
  (113, 'room', 7, '1', 'light stays on while the car charges', '2025-10-17T21:00:00Z'),
  (114, 'device', 7, '2', 'reports too often', '2025-10-18T09:00:00Z'),
  (115, 'person', 8, '4', 'knows the door code of the garden gate', '2025-10-19T11:00:00Z'),
  (116, 'user', 4, '4', 'practises the piano at four', '2025-10-20T16:00:00Z'),
  (117, 'room', 8, '5', 'frogs in the pond, no pump at night', '2025-10-21T20:30:00Z'),
  (118, 'person', 11, '2', 'waters the plants in August', '2025-10-22T18:00:00Z'),
  (119, 'device', 24, '1', 'is behind the bookshelf', '2025-10-24T08:00:00Z'),
  (120, 'user', 5, '5', 'is away on Thursdays', '2025-10-27T12:00:00Z'),
  (121, 'room', 1, '2', 'smells of gas: no, it was the drain', '2025-10-30T07:45:00Z'),
  (122, 'user', 6, '6', 'has a new phone', '2025-11-01T13:00:00Z');

INSERT INTO embeddings (fact_id, model, vector)
SELECT id, 'tiny-8', unhex(printf('%08x%08x%08x%08x', id * 2654435761 & 4294967295, id * 40503, id * 97, id))
FROM memory_facts
WHERE id > 112
ORDER BY id;
