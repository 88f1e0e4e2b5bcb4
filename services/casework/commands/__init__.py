"""Casework's part of the demo: what became of the invented cases."""
