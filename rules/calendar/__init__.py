"""Working time: office hours, closed days and absences, and what is reckoned in them."""
