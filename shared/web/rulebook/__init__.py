"""The administrator's pages for the rules that a service owns, made from each rule's own schema.

A service describes its rule sets as values and mounts `pages_of(…)`; listing, asking, preview, dates, reasons
and publishing are the same everywhere.
"""

from shared.web.rulebook.pages import pages_of
from shared.web.rulebook.sets import ONLY, Number, Row, RuleSchema, RuleSet, asked, one_number

__all__ = ["ONLY", "Number", "Row", "RuleSchema", "RuleSet", "asked", "one_number", "pages_of"]
