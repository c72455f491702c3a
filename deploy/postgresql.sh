#!/bin/sh
# Makes the databases and their owners when PostgreSQL starts on an empty volume; the migration makes the logins.
set -eu

url=$(cat /run/secrets/fodslag_owner_database_url)
password=${url#postgresql://fodslag:}
password=${password%%@*}

psql --set ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname postgres \
  --set fodslag="$password" --set temporal="$TEMPORAL_DATABASE_PASSWORD" <<'SQL'
CREATE ROLE fodslag LOGIN CREATEROLE PASSWORD :'fodslag';
CREATE DATABASE fodslag OWNER fodslag;
CREATE ROLE temporal LOGIN PASSWORD :'temporal';
CREATE DATABASE temporal OWNER temporal;
CREATE DATABASE temporal_visibility OWNER temporal;
SQL
