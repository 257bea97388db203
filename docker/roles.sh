#!/bin/sh
# Run once by the postgres image on an empty volume: the role that owns the tables, and the role of the workers.
set -eu
psql -v ON_ERROR_STOP=1 -v database=guibin -v owner=guibin_owner -v app=guibin_app \
     -v owner_password="$OWNER_PASSWORD" -v app_password="$APP_PASSWORD" \
     --username "$POSTGRES_USER" --dbname postgres --file /docker-entrypoint-initdb.d/roles.sql.in
