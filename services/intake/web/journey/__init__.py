"""The public form as data: sections, pages, questions. Order, task list and check answers follow from it."""

from services.intake.web.journey.questions import Context, Question
from services.intake.web.journey.reading import read
from services.intake.web.journey.structure import Journey, Page, Section

__all__ = ["JOURNEY", "SCREENER", "Context", "Journey", "Page", "Question", "Section"]

SCREENER, JOURNEY = read()
