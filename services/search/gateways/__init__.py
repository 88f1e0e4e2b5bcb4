"""The outside of search: the index of match keys, in our words, with its adapters."""
