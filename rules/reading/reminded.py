"""How the reminders of a rule book are counted: as the engine counts them (P6)."""

from collections.abc import Sequence
from typing import Final

from rules.explain.spans import Pair

HOW_TO_READ: Final = ("## Sådan læses påmindelserne", "## How to read the reminders")
REMINDED: Final[Sequence[Pair]] = (
    (
        "Påmindelser gives i arbejdstiden. Falder en på en lukket dag, kommer den næste arbejdsdag.",
        "Reminders are given in working hours. One that falls on a closed day comes on the next working day.",
    ),
    (
        "Er den, der bliver spurgt, fraværende eller på deltid, tæller vedkommendes eller afløserens arbejdsdage.",
        "Where who is asked is absent or works part-time, his or her own working days count, or those of the cover.",
    ),
    (
        "»Straks« og »efter 5 arbejdsdage« tæller fra ventetidens begyndelse: den dag, kravet begynder at mangle.",
        "“At once” and “after 5 working days” count from the beginning of the wait: the day it begins to be missing.",
    ),
    (
        "Mangler et krav fra trinnets begyndelse, og løber fristen fra forløbets begyndelse, begynder ventetiden der.",
        "Of what is missing as its step begins, with a deadline from the start of the course, the wait begins there.",
    ),
    (
        "»Når 3 hele arbejdsdage er gået siden fristen« er den fjerde arbejdsdag efter den dag, fristen udløber.",
        "“After 3 whole working days past the deadline” is the fourth working day after the day of the deadline.",
    ),
    (
        "Er flere af dagene gået, når et krav begynder at mangle, gives kun den seneste påmindelse.",
        "Of several that are overdue as a requirement begins to be missing, only the latest is given.",
    ),
    (
        "Lederen får tidligst besked arbejdsdagen efter begge roller.",
        "The leader hears on the working day after both roles at the earliest.",
    ),
)
