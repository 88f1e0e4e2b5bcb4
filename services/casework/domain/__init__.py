"""The rules of a case: stages, clocks, meetings, facts, outcomes, closing. Plain data in, plain data out."""
