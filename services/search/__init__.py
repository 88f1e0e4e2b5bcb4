"""Search: who and where. Mentions of adults and settings, joined across cases and authorities."""
