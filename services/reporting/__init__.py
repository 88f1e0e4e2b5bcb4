"""Reporting: figures on the work, each with its definition, and the register of who looked at what."""
