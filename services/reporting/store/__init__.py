"""Reporting's rows: `tables` is the one place that names them, so that a rebuild can fill a second set and
swap.
"""

from services.reporting.store.tables import metadata

__all__ = ["metadata"]
