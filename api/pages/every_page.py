"""Every page for people who are logged in."""

from typing import Final

from api.pages import (
    absences,
    board,
    board_acts,
    call_in,
    citizen_sheet,
    company_sheet,
    course,
    former_visits,
    hand_over,
    journal,
    my_list,
    re_pinning,
    rule_book,
    rule_changing,
    rule_proof,
    rule_versions,
    rule_what_if,
    search,
    since_last,
    statistics,
    trying,
    workplace,
)
from api.pages.report.forms import FORMS

PAGES: Final = (
    my_list,
    course,
    *FORMS,
    former_visits,
    citizen_sheet,
    journal,
    since_last,
    absences,
    hand_over,
    statistics,
    board,
    board_acts,
    search,
    workplace,
    call_in,
    company_sheet,
    rule_book,
    rule_changing,
    rule_proof,
    rule_versions,
    rule_what_if,
    re_pinning,
    trying,
)
"""The pages for people who are logged in, each for the roles that its signature names."""
