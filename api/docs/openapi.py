"""Print the OpenAPI description of `docs/openapi.json`, without store, Temporal or settings."""

import json
import sys

from fastapi import FastAPI

from api.app import routed


def description() -> str:
    """Return the description as JSON with sorted keys."""
    app: FastAPI = routed(FastAPI())
    return json.dumps(app.openapi(), indent=2, sort_keys=True, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    sys.stdout.write(description())
