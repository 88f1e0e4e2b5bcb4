"""How long contacts are kept, as an administrator sets it."""

from services.intake.domain.erasure import years_of
from services.intake.store import rules
from shared.web.rulebook import Number, one_number

RETENTION = one_number(
    kind=rules.RETENTION,
    title="How long contacts are kept",
    about="After how many years a contact that went no further is reviewed. A case has its own time.",
    effect="Changes which contacts are listed for review. Nothing is erased by itself.",
    number=Number("years", "Years from the day it ended", (1, 100), years_of),
)
