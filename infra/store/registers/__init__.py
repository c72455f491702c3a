"""The municipality's registers: people, units, companies, absences, documents and keys."""
