"""Answers for every duty to tell somebody about a concern, and for the proof that they were told."""
