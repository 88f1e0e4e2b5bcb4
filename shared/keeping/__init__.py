"""How long records are kept: requests to erase them, and legal holds. Each service that owns records keeps
its own.
"""
