"""Briefing versions with their receipts: as JSON, as text and as PDF."""
