"""Documents: tagged PDFs (PDF/UA-1 and PDF/A-2a) from templates and data, alike on every machine."""

from shared.documents.pdf import pdf

__all__ = ["pdf"]
