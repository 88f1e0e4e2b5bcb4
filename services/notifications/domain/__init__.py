"""Notification rules as data, the notices they raise, and the words of the letters."""
