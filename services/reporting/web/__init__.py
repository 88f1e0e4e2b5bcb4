"""Reporting's pages and API: figures for reading, the same figures as files, and the register of access."""
