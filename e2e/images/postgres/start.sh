#!/bin/sh
# Process 1 of the database: makes it at its first start, and is then replaced by it. What is kept is worth nothing.
set -eu
data=${PGDATA:-/tmp/database}
if [ ! -e "$data/PG_VERSION" ]; then
  initdb --pgdata="$data" --username=postgres --auth=trust --no-locale --encoding=UTF8 --no-sync --no-instructions >/dev/null
  echo 'host all all all trust' >>"$data/pg_hba.conf"
fi
exec postgres -D "$data" -h '*' -k /tmp -c fsync=off -c full_page_writes=off -c synchronous_commit=off -c max_connections=200 \
  -c shared_buffers=16MB -c max_wal_senders=0 -c wal_level=minimal -c autovacuum=off
