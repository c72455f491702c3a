"""Courses over HTTP: starting and reading them, and every command a person or a system can give one."""

from fastapi import APIRouter

from api.courses import (
    briefing,
    citizens,
    explaining,
    informing,
    journal,
    listing,
    observing,
    reading,
    rehearsing,
    reporting,
    reporting_to_several,
    starting,
    steering,
)

router = APIRouter()
for resource in (
    starting,
    listing,
    reading,
    briefing,
    explaining,
    rehearsing,
    journal,
    reporting,
    reporting_to_several,
    informing,
    steering,
    citizens,
    observing,
):
    router.include_router(resource.router)
