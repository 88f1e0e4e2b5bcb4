"""How soon a request for disclosure is answered, as an administrator of the holder sets it."""

from services.notifications.actions.disclosing import CLOCK
from services.notifications.domain.disclosure import days_of
from shared.web.rulebook import Number, one_number

ANSWERS = one_number(
    kind=CLOCK,
    title="Answers to requests for disclosure",
    about="How soon your managers answer another authority that asks what you hold.",
    effect="Requests made from that day on follow the new time. Earlier ones keep theirs.",
    number=Number("days", "Working days for an answer", (1, 60), days_of),
)
