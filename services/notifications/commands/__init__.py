"""Notifications' part of the demo: what was done about the duties of the invented cases."""
