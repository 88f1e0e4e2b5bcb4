"""What the demo says: invented people and answers to the public form, by section and question."""

from typing import Any

_COMMON: dict[str, Any] = {
    "danger": "no",
    "about": "adult",
    "worry": ["HARM", "RISK"],
    "area": "yes",
    "you.agency": "EDU_SCHOOL",
    "identity": "named",
    "you.given": "Harriet",
    "you.surname": "Bellweather",
    "you.organisation": "Larkspur Green Primary School",
    "you.job_title": "Head teacher",
    "you.email": "head@larkspurgreen.example",
    "you.phone": "01632 960077",
    "work.setting": "Larkspur Green Primary School",
    "work.sector": "EDUCATION_MAINTAINED",
    "work.role": "TEACHING_ASSISTANT",
    "work.town": "Wimbury",
    "work.postcode": "DT1 4QA",
    "work.basis": "PERMANENT",
    "work.status": "in_post",
    "children.given": "Reuben",
    "events.narrative": "A colleague saw the adult pull a child along the corridor by the arm.",
    "events.category": "PHYSICAL",
    "events.concern_time": "CURRENT",
    "sections": ["you", "adults", "work", "children", "events", "done", "earlier"],
}

ADULT_FORM: dict[str, Any] = {
    **_COMMON,
    "adults.given": "Rosalind",
    "adults.surname": "Thackwray",
    "adults.previous": "Rosalind Quillfeather",
    "adults.born-day": "14",
    "adults.born-month": "6",
    "adults.born-year": "1987",
    "adults.phone": "07700 900461",
}

EARLIER: dict[str, Any] = {
    **_COMMON,
    "adults.given": "Rosalind",
    "adults.surname": "Quillfeather",
    "adults.born-day": "14",
    "adults.born-month": "6",
    "adults.born-year": "1987",
    "adults.phone": "07700 900461",
    "work.setting": "Fernhill Nursery",
    "work.sector": "EARLY_YEARS_GROUP",
    "work.role": "NURSERY_WORKER",
    "work.town": "Calstone",
    "work.postcode": "SN11 2BD",
}

REASONS: dict[str, Any] = {
    "decision": "MET",
    "criteria": ["HARM", "RISK"],
    "tier": "T5",
    "reasons": "A child may have been hurt, and a pointer says that the adult was named before.",
}

OUTCOME: dict[str, Any] = {
    "outcome": "SUBSTANTIATED",
    "proved": True,
    "disproved": False,
    "deceit": None,
    "basis": True,
    "reasons": "Two colleagues saw it and the accounts agree.",
    "because": "",
}
