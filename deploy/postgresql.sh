#!/bin/sh
# Makes the two databases and their owners when PostgreSQL starts on an empty volume.
set -eu

psql --set ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname postgres \
  --set fodslag="$FODSLAG_DATABASE_PASSWORD" --set temporal="$TEMPORAL_DATABASE_PASSWORD" <<'SQL'
CREATE ROLE fodslag LOGIN CREATEROLE PASSWORD :'fodslag';
CREATE DATABASE fodslag OWNER fodslag;
CREATE ROLE temporal LOGIN PASSWORD :'temporal';
CREATE DATABASE temporal OWNER temporal;
CREATE DATABASE temporal_visibility OWNER temporal;
SQL
