"""Puts counted groups together to what was asked for; a group counts where the whole of it lies within (P10)."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import chain
from typing import Final, NamedTuple

from api.figures.models import By, FigureRead, FigureValue, PeriodRead, RulesNamed
from api.text.steps import step_read
from domain.figures import SEVERAL, Figure, Series, counted, month_after
from domain.state.measures import MeasureKind
from infra.store.registers.figures import CountedFigure
from wording.labels import Labels

_MONTHS: Final = {By.YEAR: 12, By.QUARTER: 3, By.MONTH: 1}
_OF_KIND: Final = {
    Figure.DAYS_TO_FIRST_VISIT: MeasureKind.FIRST_VISIT,
    Figure.BOTH_PRESENT: MeasureKind.FIRST_VISIT,
    Figure.DAYS_TO_TRIAL: MeasureKind.TRIAL,
    Figure.CONVERTED: MeasureKind.TRIAL,
    Figure.DAYS_TO_PAID_HOURS: MeasureKind.PAID_HOURS,
    Figure.DAYS_TO_CLARIFIED: MeasureKind.PAID_HOURS,
}
_ORDER: Final = {figure: place for place, figure in enumerate(Figure)}


class Months(NamedTuple):
    """Whole months, from the first to the last."""

    first: date
    last: date

    def includes(self, row: CountedFigure) -> bool:
        """Say whether a group lies within as a whole."""
        return self.first <= row.first_month and row.last_month <= self.last

    @property
    def read(self) -> PeriodRead:
        """Return the months as they are read."""
        return PeriodRead(first=f"{self.first:%Y-%m}", last=f"{self.last:%Y-%m}")


def parts(whole: Months, by: By) -> Iterator[Months]:
    """Yield the parts of a period, by the calendar."""
    if by is By.WHOLE:
        yield whole
        return
    first, size = whole.first, _MONTHS[by]
    while first <= whole.last:
        last = first
        while last.month % size and last < whole.last:
            last = month_after(last)
        yield Months(first, min(last, whole.last))
        first = month_after(last)


def figures_read(
    rows: Iterable[CountedFigure],
    periods: Sequence[Months],
    units: Collection[str] | None,
    labels: Mapping[str, Labels],
) -> list[FigureRead]:
    """Return the figures in order; `units` are those asked for, None for all, which are then counted together too."""
    by_series: defaultdict[Series, list[CountedFigure]] = defaultdict(list)
    for row in rows:
        by_series[Series(row.figure, row.rules_id, row.step)].append(row)
    in_order = sorted(by_series.items(), key=lambda one: (one[0].rules_id, _ORDER[one[0].figure], one[0].step))
    read = (_figure(series, of_series, periods, units, labels) for series, of_series in in_order)
    return [figure for figure in read if figure.values]


def _figure(
    series: Series,
    rows: Sequence[CountedFigure],
    periods: Sequence[Months],
    units: Collection[str] | None,
    labels: Mapping[str, Labels],
) -> FigureRead:
    words = labels[max(row.rules_sha256 for row in rows)]
    return FigureRead(
        figure=series.figure,
        rule_set=RulesNamed(id=series.rules_id, title=words.text(words.book.rule_set.title)),
        step=step_read(series.step, words) if series.step else None,
        label=_label(series, words),
        definition=_definition(series.figure, words),
        values=[value for period in periods for value in _values(series.figure, rows, period, units)],
    )


def _values(
    figure: Figure, rows: Sequence[CountedFigure], period: Months, units: Collection[str] | None
) -> Iterator[FigureValue]:
    by_unit: defaultdict[str | None, list[int]] = defaultdict(list)
    for row in rows:
        if period.includes(row):
            by_unit[row.unit] += row.amounts
    named = sorted(unit for unit in by_unit if unit not in (None, SEVERAL))
    if units is None or len(units) > 1:
        by_unit[None] = [*chain.from_iterable(by_unit.values())]
    for unit in (None, *named):
        value = counted(figure, by_unit.get(unit, ()))
        if value is not None:
            yield FigureValue(unit=unit, period=period.read, **value._asdict())


def _label(series: Series, words: Labels) -> str:
    label = words.catalog.figures[series.figure]
    return f"{label}: {words.step(series.step)}" if series.step else label


def _definition(figure: Figure, words: Labels) -> str:
    """Return what a figure counts, in the words of the rules for what begins and ends a step."""
    rule_set, kind = words.book.rule_set, _OF_KIND.get(figure)
    begins = [
        name for step in rule_set.steps if step.measure and step.measure.kind is kind for name in step.measure.begins
    ]
    texts, fill = words.catalog.figures, words.catalog.fill
    quoted = (fill(texts["quoted"], {"name": words.fact(name)}) for name in begins)
    filled = {"begins": texts["or_else"].join(quoted)}
    filled |= {"clarifying": ", ".join(_clarifying(words))}
    return fill(texts[f"{figure}_is"], filled)


def _clarifying(words: Labels) -> Iterator[str]:
    for name in words.book.rule_set.clarifying:
        yield words.value("closing_outcome", name)


def default_period(until: date) -> Months:
    """Return the calendar year that is counted until a month; a group never reaches over its end."""
    return Months(until.replace(month=1), until)


def counted_within(whole: Months, rows: Sequence[CountedFigure], until: date) -> Months:
    """Return the years of a period in which anything is counted, of which alone parts are worth looking at."""
    years = [row.first_month.replace(month=1) for row in rows]
    return Months(max([whole.first, *([min(years)] if years else [])]), min(whole.last, until))
