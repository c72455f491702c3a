"""Companies over HTTP: what one course learns of a company, the next one knows."""

from fastapi import APIRouter

from api.companies import finding, ratio, writing

router = APIRouter()
for resource in (finding, writing, ratio):
    router.include_router(resource.router)
