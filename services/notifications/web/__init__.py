"""The pages and the API of notifications."""
