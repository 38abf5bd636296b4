#!/bin/sh
# Throws away the jobs of a developer's machine.
set -eu
rm -f app.db backend/app.db
python3 scripts/migrate.py
