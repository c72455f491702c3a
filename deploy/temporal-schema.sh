#!/bin/sh
# Brings Temporal's two schemas to the version of these tools; running it again changes nothing.
set -eu

sql() {
  temporal-sql-tool --plugin postgres12 --endpoint "$SQL_HOST" --port 5432 --user "$SQL_USER" --password "$SQL_PASSWORD" "$@"
}

for schema in temporal visibility; do
  database=$([ "$schema" = temporal ] && echo temporal || echo temporal_visibility)
  # `setup-schema` leaves a version that is higher than the one it names.
  sql --database "$database" setup-schema --version 0.0
  sql --database "$database" update-schema --schema-dir "/etc/temporal/schema/postgresql/v12/$schema/versioned"
done
