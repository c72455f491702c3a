"""The sandbox in which the tests run workflow code: what is pure passes through, any other import is an error."""

from temporalio.worker.workflow_sandbox import SandboxedWorkflowRunner, SandboxRestrictions
from temporalio.workflow import SandboxImportNotificationPolicy

PASSED_THROUGH = (
    "domain",
    "workflows.alarm",
    "workflows.messages",
    "workflows.options",
    "workflows.ports",
    "workflows.describe",
    "workflows.state_holder",
)
"""Never the module that defines a workflow: passing it through would switch the sandbox off in silence."""


def sandboxed_runner() -> SandboxedWorkflowRunner:
    """Return a runner that raises on an import that nobody meant, and on a call that is not the same each time."""
    restrictions = SandboxRestrictions.default.with_passthrough_modules(*PASSED_THROUGH)
    raising = restrictions.with_import_notification_policy(
        SandboxImportNotificationPolicy.WARN_ON_DYNAMIC_IMPORT
        | SandboxImportNotificationPolicy.RAISE_ON_UNINTENTIONAL_PASSTHROUGH
    )
    return SandboxedWorkflowRunner(restrictions=raising)
