"""What a person reads when the embedded system is ready: where everything is, and a first course to paste."""

from string import Template
from typing import Final

WELCOME: Final = Template("""
Fodslag is ready.

  API            http://127.0.0.1:$api_port
  Try the API    http://127.0.0.1:$api_port/docs
  Temporal UI    http://127.0.0.1:$temporal_ui_port
  Logs           $var/log

Start a first course from a second terminal:

  TOKEN=$$($fodslag token --role system --person intake-system --municipality 0990)
  curl -s http://127.0.0.1:$api_port/v1/courses \\
    -H "Authorization: Bearer $$TOKEN" -H "Content-Type: application/json" -H "Idempotency-Key: first" \\
    -d '{"municipality": "0990", "unit": "job", "reference": "case-1", "citizen": {"reference": "citizen-1"},
         "target_group": "cash_benefit_activity_ready",
         "caseworker": {"person": "anna"}, "company_consultant": {"person": "bo"}}'

Everything is kept in $var. Ctrl-C stops it in good order; nothing is lost.
""")
