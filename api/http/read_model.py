"""What callers read: a field has one name from the store's row or the course's state to the JSON."""

from typing import Self

from pydantic import BaseModel, ConfigDict


class ReadModel(BaseModel):
    """A model of an answer, put together in one step from a row or a part of the state."""

    model_config = ConfigDict(json_schema_serialization_defaults_required=True)

    @classmethod
    def of(cls, *sources: object, **beside: object) -> Self:
        """Take each field by its name from the first source that has it; `beside` gives what no source knows.

        Raises ValidationError for a field that nobody gives.
        """
        named = cls.model_fields.keys() - beside.keys()
        taken = {name: getattr(source, name) for source in reversed(sources) for name in named if hasattr(source, name)}
        return cls.model_validate(taken | beside)
