#!/bin/sh
# Both ledgers, one after the other.
set -eu
cd "$(dirname "$0")/.."
python3 scripts/migrate.py
python3 -m services.auth.migrations.run
