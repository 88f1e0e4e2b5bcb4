"""Answers for every approach to an authority's officers, the decision, the advice, and the front door."""
