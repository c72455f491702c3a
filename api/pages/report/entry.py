"""A short form: what stands on it, and how it comes back with what was typed when something in it is wrong."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from secrets import token_urlsafe
from types import MappingProxyType
from typing import Annotated, Final

from fastapi import Depends
from fastapi.exceptions import RequestValidationError
from starlette.requests import Request
from starlette.responses import HTMLResponse

from api.briefings.documents import as_page_for_both
from api.briefings.models import BriefingRead, ReportPreview
from api.briefings.sections import BriefingSections
from api.http.codes import STATUS, ApiCode
from api.http.idempotency import NotCurrentError
from api.http.negotiation import language_of_request
from api.http.problems import Issue, ProblemError, expect_no, refused
from api.http.request_body import CleanBody
from api.http.sessions import draft_key
from api.http.validation import invalid
from api.pages.reader import Reader
from api.pages.rendering import render_page
from api.pages.report.fields import Field
from api.pages.report.place import Place
from domain.errors import RefusedError
from wording.catalog import Catalog, catalog

PREVIEW: Final = "preview"
"""What a button posts that asks what the other role would get."""
_SHOWN_ON_THE_FORM: Final = frozenset({409, 422})
_FACT_VALUE: Final = "fact-value"


@dataclass(frozen=True, slots=True)
class Group:
    """Fields that belong together, under the words of who asks for them."""

    title: str
    fields: Sequence[Field]
    text: str = ""

    @property
    def names(self) -> frozenset[str]:
        """The names of its fields."""
        return frozenset(field.name for field in self.fields)

    def typed(self, form: Mapping[str, str]) -> "Group":
        """Return the group as somebody filled it in."""
        return replace(self, fields=[field.typed(form) for field in self.fields])


@dataclass(frozen=True, slots=True)
class Button:
    """A way to send the form, by what it posts."""

    words: str
    name: str = "send"
    value: str = "save"
    is_first: bool = True


@dataclass(frozen=True, slots=True)
class Preview:
    """What a report would bring, for whom, and each briefing in words."""

    of: ReportPreview
    names: str
    sections: Sequence[BriefingSections]

    @classmethod
    def at(cls, place: Place, of: ReportPreview) -> "Preview":
        """Return the preview of what is reported at a visit."""
        return cls(of, place.others, [as_page_for_both(briefing, place.labels) for briefing in of.briefings])

    @property
    def briefings(self) -> Sequence[tuple[BriefingRead, BriefingSections]]:
        """The briefings, each with its sections."""
        return list(zip(self.of.briefings, self.sections, strict=True))


@dataclass(frozen=True, slots=True)
class Entry:
    """A form of one course: where it goes, what it asks and what it lets one say besides, and its buttons."""

    heading: str
    subject: str
    action: str
    groups: Sequence[Group]
    buttons: Sequence[Button]
    more: Sequence[Group] = ()
    links: Sequence[tuple[str, str]] = ()
    preview: Preview | None = None
    about: str = ""
    hidden: Mapping[str, str] = field(default_factory=dict)

    def previewed(self, preview: Preview, words: Mapping[str, str]) -> "Entry":
        """Return the form with what the other role would get, and the button by which it is acknowledged."""
        save = Button(words["save_and_acknowledge" if preview.of.acknowledge else "save"])
        again = Button(words["see_preview_again"], value=PREVIEW, is_first=False)
        return replace(self, preview=preview, buttons=[save, again])

    def typed(self, form: Mapping[str, str]) -> "Entry":
        """Return the form as somebody filled it in."""
        groups, more = ([group.typed(form) for group in place] for place in (self.groups, self.more))
        return replace(self, groups=groups, more=more)

    @property
    def fields(self) -> Mapping[str, Field]:
        """The fields by their names."""
        return {field.name: field for group in (*self.groups, *self.more) for field in group.fields}


@dataclass(frozen=True, slots=True)
class Wrong:
    """What is wrong with a field, or with the whole where no field is named, and what puts it right.

    `see` is the address of a page that shows it.
    """

    text: str
    field: Field | None = None
    see: str | None = None


@dataclass(frozen=True, slots=True)
class Typed:
    """What somebody posted, and what of it must not come in."""

    form: Mapping[str, str]
    issues: Sequence[Issue]

    def expect_clean(self) -> None:
        """Raise ProblemError naming every field that holds what must not come in."""
        expect_no(self.issues)

    def filled(self, *names: str) -> dict[str, str]:
        """Return the fields of these names in which something stands."""
        return {name: self.form[name] for name in names if self.form.get(name)}


async def _typed(request: Request, body: CleanBody) -> Typed:
    return Typed(body or {}, request.state.issues_with_form)


TypedForm = Annotated[Typed, Depends(_typed)]
"""The form of a route that shows it again when something in it is wrong."""

FormError = (ProblemError, RefusedError, RequestValidationError)
"""What the functions of the API raise for what was typed."""


def problem_of(error: Exception) -> ProblemError:
    """Return what is wrong with a form; raises what the form cannot put right, such as that the store is away."""
    match error:
        case NotCurrentError():
            raise error
        case ProblemError():
            problem = error
        case RefusedError():
            problem = refused(error.problems)
        case RequestValidationError():
            problem = invalid(error)
        case _:
            raise error
    if STATUS[problem.code] not in _SHOWN_ON_THE_FORM:
        raise problem
    return problem


def show_entry(
    request: Request,
    reader: Reader,
    entry: Entry,
    problem: ProblemError | None = None,
    names: Mapping[str, str] | None = None,
) -> HTMLResponse:
    """Return the page of a form; `names` are its fields by the names that the API gives them, where they differ."""
    texts = catalog(language_of_request(request))
    wrong = wrong_on(entry.fields, problem, texts, names or {}) if problem else []
    return render_page(
        request,
        "entry",
        STATUS[problem.code] if problem else 200,
        reader=reader,
        entry=entry,
        wrong=wrong,
        wrong_by_field={one.field.name: one.text for one in wrong if one.field},
        key=token_urlsafe(),
        draft_key=draft_key(request.app.state.services, request),
    )


def wrong_on(
    fields: Mapping[str, Field], problem: ProblemError, texts: Catalog, names: Mapping[str, str] = MappingProxyType({})
) -> list[Wrong]:
    """Return what is wrong with the fields of a form, by name, or with the whole where none of them is named."""
    named = [(issue, fields.get(names.get(issue.field or "", issue.field or ""))) for issue in problem.issues]
    wrong = [Wrong(_words(issue, field, texts), field) for issue, field in named if field]
    return wrong or [Wrong(_words(Issue(problem.code, "", problem.params), None, texts))]


def _words(issue: Issue, field: Field | None, texts: Catalog) -> str:
    """Return what is wrong in words for who filled the form in, who knows nothing of types."""
    own = f"wrong_{field.shape}" if field and issue.code == _FACT_VALUE else f"wrong_{issue.code}".replace("-", "_")
    if own in texts.pages:
        return texts.pages[own]
    words = texts.problems[issue.code]
    params = {**issue.params, "field": f"»{field.label}«" if field else ""}
    return f"{texts.fill(words.detail, params)} {texts.fill(words.remedy, params)}"


EMPTY: Final = ApiCode.TEXT_EMPTY
"""What is wrong with a form that says nothing."""
