"""The way back to a report: a code by e-mail, or one that was shown once."""

import secrets
from dataclasses import replace

from services.intake.domain import draft as domain
from services.intake.domain import reference as references
from services.intake.domain.draft import Draft, DraftState, ReturnCode
from services.intake.store import drafts
from shared import mail
from shared.errors import Invalid, Refused
from shared.store.transaction import Transaction

_WRONG = "The reference or the code is not right, or the code is too old. Ask for a new code."
_SHOWN_LENGTH = 8


def remember_email(tx: Transaction, draft_id: str, email: str) -> Draft:
    """Where codes to come back are sent; a code goes there at once, so that a typing mistake shows."""
    one = drafts.get(tx, draft_id)
    if one.state is not DraftState.OPEN:
        raise Refused("This report has been sent. Use the reference to see how it stands.")
    kept = drafts.save(tx, replace(one, email=email))
    _send(tx, kept)
    return kept


def send_code(tx: Transaction, reference: str) -> None:
    """Send a new code to the address kept with a report. Whether there is one is not said."""
    one = drafts.find_by_reference(tx, reference)
    # Nothing is said when there is none: an answer would tell strangers which references exist.
    if one is not None and _address(one):
        _send(tx, one)


def show_code(tx: Transaction, draft_id: str) -> str:
    """A code to write down, for somebody who cannot get e-mail. It is not kept, so it is seen once."""
    one = drafts.get(tx, draft_id)
    code = "".join(secrets.choice(references.ALPHABET) for _ in range(_SHOWN_LENGTH))
    drafts.keep_code(
        tx, ReturnCode(draft_id=one.id, code_hash=_hash(tx, one.id, code), sent_at=tx.now, lasting=True)
    )
    return f"{code[:4]}-{code[4:]}"


def come_back(tx: Transaction, reference: str, code: str) -> Draft | None:
    """The report that this reference and code open; None for a wrong pair, which counts as a try.

    It is no error, so that the count is kept.
    """
    one = drafts.find_by_reference(tx, reference)
    known = drafts.find_code(tx, one.id) if one else None
    if one is None or known is None or not known.usable(tx.now):
        return None
    # In constant time: how long a wrong code takes must not tell how much of it is right.
    if not secrets.compare_digest(known.code_hash, _hash(tx, one.id, _typed(code))):
        drafts.keep_code(tx, known.missed(tx.now))
        return None
    # Mail may be read by others later; a code on paper is all that its holder has.
    if not known.lasting:
        drafts.drop_code(tx, one.id)
    return one


def wrong() -> Invalid:
    """What a wrong pair is told, alike whatever is wrong."""
    return Invalid(_WRONG, {"code": [_WRONG]})


def _send(tx: Transaction, one: Draft) -> None:
    code = f"{secrets.randbelow(10**6):06}"
    drafts.keep_code(tx, ReturnCode(draft_id=one.id, code_hash=_hash(tx, one.id, code), sent_at=tx.now))
    if tx.live:
        mail.plan(
            tx,
            to=_address(one),
            subject=f"{code} is your code for report {one.reference}",
            body=(
                f"Your code is {code}. It works for {domain.CODE_LIFE.seconds // 60} minutes.\n\n"
                f"Use it with the reference {one.reference} to go on with your report.\n"
                "If you did not ask for it, you need not do anything."
            ),
            about=f"code/{one.id}",
        )


def _address(one: Draft) -> str:
    return one.email or str(one.answers.get("you", {}).get("email", ""))


def _hash(tx: Transaction, draft_id: str, code: str) -> str:
    return tx.tools.vault.fingerprint("return-code", f"{draft_id}:{code}")


def _typed(code: str) -> str:
    return "".join(sign for sign in code.upper() if sign.isalnum())
