"""What absences mean for courses: what falls due, handing over before, and what happened meanwhile."""
