"""The kernel: what every service stands on.

A thing enters when two services need the very same thing today; its file carries the name of a thing, not of
a kind. It knows no contact and no case. `contracts` and `vocabulary` are the only shared meaning, all else is
machinery.
"""
