"""Intake's part of the demo: an invented region and three years of contacts."""
