#!/bin/sh
# Sizes of what lies in data/.
ls -l data/hub.db data/auth.db data/memory.db data/tasks.db
sqlite3 -readonly data/hub.db 'SELECT count(*) FROM users'
