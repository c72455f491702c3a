"""Every page for people who are logged in."""

from typing import Final

from api.pages import absences as absence_pages
from api.pages import board as board_page
from api.pages import board_acts as board_act_pages
from api.pages import course as course_page
from api.pages import hand_over as hand_over_page
from api.pages import my_list
from api.pages import since_last as since_last_page
from api.pages import statistics as statistics_page
from api.pages.report.forms import FORMS

PAGES: Final = (
    my_list,
    course_page,
    *FORMS,
    since_last_page,
    absence_pages,
    hand_over_page,
    statistics_page,
    board_page,
    board_act_pages,
)
"""The pages for people who are logged in, each for the roles that its signature names."""
