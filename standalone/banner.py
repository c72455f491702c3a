"""What a person reads when the standalone system is ready: its addresses, and a first course to paste."""

from string import Template
from typing import Final

BANNER: Final = Template("""
Fodslag er klar. / Fodslag is ready.

  Begynd / Begin http://127.0.0.1:$api_port
  API            http://127.0.0.1:$api_port/docs
  Temporal       http://127.0.0.1:$temporal_ui_port
  Mails          $var/mail
  Log            $var/log

Start det første forløb fra en anden terminal: / Start a first course from a second terminal:

  TOKEN=$$($fodslag token --role system --person intake-system --municipality 0990 --unit job)
  curl -s http://127.0.0.1:$api_port/v1/courses \\
    -H "Authorization: Bearer $$TOKEN" -H "Content-Type: application/json" -H "Idempotency-Key: first" \\
    -d '{"municipality": "0990", "unit": "job", "reference": "case-1", "citizen": {"reference": "citizen-1"},
         "target_group": "cash_benefit_activity_ready",
         "caseworker": {"person": "anna"}, "company_consultant": {"person": "bo"}}'

Alt gemmes i $var. Ctrl-C stopper i god orden; intet går tabt.
Everything is kept in $var. Ctrl-C stops it in good order; nothing is lost.
""")
