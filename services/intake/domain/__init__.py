"""The nouns and rules of an approach: plain functions, time as an argument."""
