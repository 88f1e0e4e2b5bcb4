"""Answers for an allegation from the moment the threshold is met until nothing is left to do on it."""
