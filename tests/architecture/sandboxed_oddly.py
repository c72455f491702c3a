"""A workflow whose module imports what nobody meant to have in a workflow."""

from temporalio import workflow

from infra import clock


@workflow.defn
class Odd:
    """Would read a clock of ours."""

    @workflow.run
    async def run(self) -> str:
        """Name the module."""
        return clock.__name__
