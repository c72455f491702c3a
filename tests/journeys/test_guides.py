"""What the pages tell people to type works as it stands."""

from pathlib import Path

import pytest

from tests.architecture.files import ROOT
from tests.journeys.guides import differences, outputs, pages, steps
from tools.town.town import Town

IN_SHORT = "integrate.md"


@pytest.mark.parametrize(
    "page",
    [
        pytest.param(page, id=str(page.relative_to(ROOT)), marks=() if page.name == IN_SHORT else pytest.mark.verify)
        for page in pages()
    ],
)
def test_every_block_of_a_guide_does_what_the_page_says(town: Town, page: Path, tmp_path: Path) -> None:
    printed, stopped_by = outputs(town, page, tmp_path)

    for number, (step, output) in enumerate(zip(steps(page), printed, strict=False), start=1):
        if step.shown is not None:
            assert differences(step.shown, output) == [], f"block {number}: {output[:3000]}"
    assert stopped_by == ""


@pytest.mark.parametrize(
    ("shown", "printed", "is_alike"),
    [
        ('{"a": 1}', '{"a": 1, "b": 2}', True),
        ('{"a": "…"}', '{"a": [1]}', True),
        ('{"a": "x…z"}', '{"a": "xyz"}', True),
        ('{"a": "x…z"}', '{"a": "xy"}', False),
        ('{"a": 1, "b": 2}', '{"a": 1}', False),
        ('[{"a": 1}]', '[{"a": 1}, {"a": 2}]', False),
        ('{"a": 1}', '{"a": 1}{"a": 2}', False),
        ("%PDF\n{}", "%PDF\n{}", True),
        ("%PDF", "%PNG", False),
    ],
)
def test_an_output_is_compared_with_what_is_shown(shown: str, printed: str, *, is_alike: bool) -> None:
    assert (differences(shown, printed) == []) is is_alike


@pytest.mark.verify
def test_what_the_first_page_shows_can_be_tried_again(town: Town, tmp_path: Path) -> None:
    page = ROOT / "README.md"
    number = next(number for number, step in enumerate(steps(page)) if "/acknowledgements" in step.command)
    for attempt in ("first", "second"):
        (tmp_path / attempt).mkdir()
        printed, stopped_by = outputs(town, page, tmp_path / attempt)

        assert stopped_by == ""
        curl = printed[number]
        assert '"status":4' not in curl, curl
        assert '"company_visit"' in curl.splitlines()[-1]
