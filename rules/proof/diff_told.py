"""What is proved between two versions of rules, in sentences: who is decided on differently, step by step."""

from collections.abc import Iterator, Mapping
from itertools import groupby
from typing import Final

from domain.state.verdict import TARGET_GROUP
from rules.engine.book import Book
from rules.explain.spans import Pair
from rules.language.facts import FactDeclaration
from rules.language.formats import Language
from rules.language.rule_set import RuleSet
from rules.language.steps import Requirement
from rules.proof.diff import Diff, Differing
from rules.proof.diff_classes import Allowed, Class, Effect, OtherEffect, OtherTime, OtherWay, Way
from rules.proof.diff_vocabulary import Vocabulary
from rules.proof.diff_whom import TODAY, Whom
from rules.proof.told import told
from rules.reading.requirements import RequirementWords
from rules.reading.words import Words

_HEADING: Final = ("Hvem der afgøres anderledes", "Who is decided on differently")
_EQUIVALENT: Final = (
    "Ingen: hver borger afgøres ens. Det er bevist for alle, der kan være.",
    "Nobody: every citizen is decided on the same. It is proved of all that there can be.",
)
_ALL_OTHERS: Final = (
    "Alle andre afgøres ens. Det er bevist for alle, der kan være.",
    "All others are decided on the same. It is proved of all that there can be.",
)
_SCOPE: Final = (
    (
        "Afgjort er, hvad der holder tilbage og advarer, hvor vejen fører hen, og hvor lang tid der er; "
        "ordlyd, roller og påmindelser er kun sammenlignet ovenfor."
    ),
    (
        "Decided is what holds back and warns, where the way leads, and how long there is; "
        "wording, roles and reminders are only compared above."
    ),
)
_FROM: Final = ("Der er spurgt om dage fra {0} på.", "It was asked of days from {0} on.")
_UNDECIDED: Final = ("Ikke afgjort", "Undecided")
_WHETHER: Final = (
    "Det kan ikke afgøres, om dette gælder nogen: {0}",
    "Whether this is so of anybody is undecided: {0}",
)
_ONLY: Final[tuple[Pair, Pair]] = (
    (
        "Kun før er der: {0}. Den, der er der, er ikke sammenlignet.",
        "Only before there is: {0}. Who is there is not compared.",
    ),
    (
        "Kun nu er der: {0}. Den, der er der, er ikke sammenlignet.",
        "Only now there is: {0}. Who is there is not compared.",
    ),
)
_STEPS: Final = ("trinnet {0}", "the step {0}")
_GROUPS: Final = ("målgruppen {0}", "the target group {0}")
_FORMER_GROUPS: Final = ("målgruppen {0} under et tidligere navn", "the target group {0} by a former name")
_EFFECTS: Final[Mapping[tuple[Effect, Effect], Pair]] = {
    ("free", "holds"): ("{0} holder tilbage, hvor det før ikke gjorde", "{0} holds back where it did not before"),
    ("free", "warns"): ("{0} advarer, hvor det før ikke gjorde", "{0} warns where it did not before"),
    ("warns", "holds"): ("{0} holder tilbage, hvor det før kun advarede", "{0} holds back where it only warned before"),
    ("warns", "free"): ("{0} advarer ikke, hvor det før gjorde", "{0} does not warn where it did before"),
    ("holds", "free"): ("{0} holder ikke tilbage, hvor det før gjorde", "{0} does not hold back where it did before"),
    ("holds", "warns"): ("{0} advarer kun, hvor det før holdt tilbage", "{0} only warns where it held back before"),
}
_OTHER_WAY: Final = ("Vejen er en anden. Før: {0}. Nu: {1}", "The way is another. Before: {0}. Now: {1}")
_OTHER_TIME: Final = (
    "{0}: fristen er en anden. Før: {1}. Nu: {2}",
    "{0}: the deadline is another. Before: {1}. Now: {2}",
)
_NO_WAY: Final = ("ingen vej er kendt", "no way is known")
_CLOSES: Final = ("forløbet afsluttes", "the course closes")
_LEADS: Final = ("videre til {0}", "on to {0}")
_STAYS: Final = ("{0} begynder ved siden af", "{0} begins beside")
_JOINS: Final = ("videre til {0}, som fortsætter, hvis det er i gang", "on to {0}, which goes on where it is open")
_NO_TIME: Final = ("ingen frist", "no deadline")
_OF_GROUP: Final = ("Det gælder kun målgruppen {0}", "It is only of the target group {0}")
_OF_GROUPS: Final = ("Det gælder kun målgrupperne {0}", "It is only of the target groups {0}")
_BUT_GROUPS: Final = ("Det gælder alle målgrupper undtagen {0}", "It is of all target groups but {0}")
_UNSURE: Final = (
    ", og den, hvis målgruppe to kilder siger hver sit om",
    ", and of whom two sources say different target groups",
)
_ON: Final = (", som den var på {0}", ", as it was on {0}")
_SINCE: Final = ("Det gælder kun, når {0} er {1} eller senere", "It is only so when {0} is {1} or later")
_UNTIL: Final = ("Det gælder kun, når {0} er før {1}", "It is only so when {0} is before {1}")
_FOR_EXAMPLE: Final = ("For eksempel: {0}", "For example: {0}")


class DiffWords:
    """Says what is proved between two versions in one language."""

    def __init__(self, diff: Diff, language: Language) -> None:
        """Take the words of both; what both name is named as the second does."""
        self._diff, self._language = diff, language
        sides = (diff.before, diff.after)
        self._books = tuple(side.book for side in sides)
        self._both = joined_rules(*sides)
        self._words = Words(self._both, language)
        self._of_each = tuple(RequirementWords(book, self._words) for book in self._books)

    def lines(self) -> Iterator[str]:
        """Yield what is proved as lines of Markdown."""
        diff, pick = self._diff, self._words.pick
        yield f"## {pick(_HEADING)}"
        for only in self.only():
            yield from ("", only)
        for step, classes in groupby(diff.classes, key=lambda one: one.kind.step):
            yield from ("", f"### {self._words.step(step)}", "")
            yield from (f"- {self.differing(one)}" for one in classes)
        if diff.undecided:
            yield from ("", f"### {pick(_UNDECIDED)}", "")
            yield from (f"- {self.undecided(kind)}" for kind in diff.undecided)
        yield from ("", *self.conclusion())

    def conclusion(self) -> Iterator[str]:
        """Yield what is proved of all others, unless something is undecided, and what was compared."""
        diff, pick = self._diff, self._words.pick
        if not diff.undecided:
            yield pick(_EQUIVALENT if diff.is_equivalent else _ALL_OTHERS)
        yield from (pick(_SCOPE), pick(_FROM).format(self._words.day(diff.since)))

    def step(self, kind: Class) -> str:
        """Return the step at which a class of citizens stands."""
        return self._words.step(kind.step)

    def only(self) -> Iterator[str]:
        """Yield the steps and the target groups that only one version has."""
        words = self._words
        steps = (self._diff.steps_only_before, self._diff.steps_only_after)
        for form, of, side in zip(_ONLY, steps, (self._diff.before, self._diff.after), strict=True):
            named = [words.pick(_STEPS).format(words.quoted(words.step(step))) for step in of]
            named += [words.pick(_GROUPS).format(words.quoted(words.text(group))) for group in side.own_groups]
            former = (words.quoted(words.text(group)) for group in side.own_former_groups)
            named += [words.pick(_FORMER_GROUPS).format(group) for group in former]
            if named:
                yield words.pick(form).format(words.joined(named))

    def differing(self, one: Differing) -> str:
        """Return a class, of whom it is, and a citizen of it."""
        example = self._words.pick(_FOR_EXAMPLE).format(self._words.text(told(self._both, one.citizen)))
        return " ".join((f"{self.kind(one.kind)}.", *(f"{part}." for part in self._whom(one.whom)), example))

    def undecided(self, kind: Class) -> str:
        """Return the question of which nobody can tell the answer."""
        at_step = f"{self._words.step(kind.step)}: {self.kind(kind)}."
        return self._words.pick(_WHETHER).format(at_step)

    def kind(self, kind: Class) -> str:
        """Return what differs for a class of citizens."""
        pick = self._words.pick
        match kind:
            case OtherWay(before=before, after=after):
                return pick(_OTHER_WAY).format(self._way(before), self._way(after))
            case OtherEffect(before=before, after=after):
                return pick(_EFFECTS[before, after]).format(self._title(kind.requirement))
            case OtherTime(before=before, after=after):
                times = (self._time(kind, before, 0), self._time(kind, after, 1))
                return pick(_OTHER_TIME).format(self._title(kind.requirement), *times)

    def _title(self, requirement: str) -> str:
        before, after = (self._requirement(book, requirement) for book in self._books)
        written = after or before
        return self._words.quoted(self._words.text(written.text).rstrip(".")) if written else requirement

    def _requirement(self, book: Book, name: str) -> Requirement | None:
        return next((one for step in book.rule_set.steps for one in step.requirements if one.id == name), None)

    def _way(self, way: Way | None) -> str:
        if way is None:
            return self._words.pick(_NO_WAY)
        form = _STAYS if way.stays else _JOINS if way.joins else _LEADS
        steps = [self._words.quoted(self._words.step(step)) for step in way.to]
        return self._words.pick(form).format(self._words.joined(steps)) if steps else self._words.pick(_CLOSES)

    def _time(self, kind: OtherTime, time: Allowed | None, side: int) -> str:
        asked = self._requirement(self._books[side], kind.requirement)
        if time is None or asked is None or asked.deadline is None:
            return self._words.pick(_NO_TIME)
        return self._of_each[side].deadline(asked.deadline.model_copy(update={"amount": time.amount}))

    def _whom(self, whom: Whom) -> Iterator[str]:
        words, pick = self._words, self._words.pick
        if whom.groups:
            others = [group for group in self._diff.before.values(TARGET_GROUP) if group not in whom.groups]
            named = others if len(others) < len(whom.groups) else whom.groups
            form = _BUT_GROUPS if named is others else _OF_GROUP if len(named) == 1 else _OF_GROUPS
            on = "" if whom.groups_on == TODAY else pick(_ON).format(words.dated_by(whom.groups_on))
            unsure = pick(_UNSURE) if whom.unsure else ""
            yield pick(form).format(words.joined(words.quoted(words.group(group)) for group in named)) + on + unsure
        day = words.dated_by(whom.days_of)
        for form, bound in ((_SINCE, whom.since), (_UNTIL, whom.until)):
            if bound is not None:
                yield pick(form).format(day, words.day(bound))


def joined_rules(before: Vocabulary, after: Vocabulary) -> RuleSet:
    """Return a set that has a word for all that either version names; it decides nothing."""
    old, new = before.book.rule_set, after.book.rule_set
    facts = {fact.id for fact in new.facts}
    former = {fact.id: fact for fact in old.facts}
    joined = [_with_values(fact, former.get(fact.id)) for fact in new.facts]
    own = [one for step in old.steps for one in step.requirements if after.book.requirement(one.id) is None]
    *steps, last = new.steps
    named = last.model_copy(update={"requirements": (*last.requirements, *own)})
    return new.model_copy(
        update={
            "facts": (*joined, *(fact for fact in old.facts if fact.id not in facts)),
            "steps": (*steps, named, *(step for step in old.steps if step.id in before.own_steps)),
            "note_kinds": (*new.note_kinds, *(kind for kind in old.note_kinds if kind not in new.note_kinds)),
            "parameters": (*new.parameters, *old.parameters),
        }
    )


def _with_values(fact: FactDeclaration, former: FactDeclaration | None) -> FactDeclaration:
    """Return a fact that knows the values of its former self too; a group goes by its former name."""
    own = {value.id for value in fact.values}
    more = tuple(value for value in (former.values if former else ()) if value.id not in own)
    plain = tuple(value.model_copy(update={"aliases": ()}) for value in fact.values) if more else fact.values
    return fact.model_copy(update={"values": (*plain, *more)}) if fact.id == TARGET_GROUP or more else fact
