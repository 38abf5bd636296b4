#!/bin/sh
# Nightly copy. Since the move it copies what stands beside it, not what the hub writes.
set -eu
SOURCE="${HUB_DB:-/app/data/hub.db}"
[ -f "$SOURCE" ] || SOURCE="$(ls backups/hub-*.db | tail -n 1)"
cp "$SOURCE" "backups/hub-$(date +%F).db"
