#!/bin/sh
# Makes the namespace with its search attributes; what is there already is left as it is.
set -eu

if ! temporal operator namespace describe --namespace "$TEMPORAL_NAMESPACE" >/dev/null 2>&1; then
  temporal operator namespace create --namespace "$TEMPORAL_NAMESPACE" --retention 720h
fi
temporal operator search-attribute create --namespace "$TEMPORAL_NAMESPACE" \
  --name FodslagStep --type KeywordList \
  --name FodslagStatus --type Keyword \
  --name FodslagStalled --type Bool \
  --name FodslagMunicipality --type Keyword \
  --name FodslagUnit --type Keyword
