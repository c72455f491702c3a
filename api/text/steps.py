"""Steps as they are read: by id and by what the rules call them."""

from collections.abc import Iterable

from api.http.read_model import ReadModel
from wording.labels import Labels


class StepRead(ReadModel):
    """A step of the rule set."""

    id: str
    label: str


def steps_read(steps: Iterable[str], labels: Labels) -> list[StepRead]:
    """Return steps with what they are called."""
    return [step_read(step, labels) for step in steps]


def step_read(step: str, labels: Labels) -> StepRead:
    """Return a step with what it is called."""
    return StepRead(id=step, label=labels.step(step))
