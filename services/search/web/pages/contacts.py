"""Who was named before: the matches of one contact."""

import flask
from flask.typing import ResponseReturnValue

from services.search.store import matches, mentions, profiles
from services.search.web.pages.door import READERS, blueprint
from services.search.web.pages.matches import faces
from shared.errors import NotFound
from shared.web.access import allow
from shared.web.request import transaction


@blueprint.get("/contacts/<contact_id>")
@allow(*READERS)
def show_contact(contact_id: str) -> ResponseReturnValue:
    """Each adult of the contact with what was found about them."""
    with transaction() as tx:
        adults = mentions.of_contacts(tx, [contact_id])
        if not adults:
            raise NotFound("There is no such contact here yet. If it is new, wait a minute and try again.")
        found = matches.of_contact(tx, contact_id)
        tx.accessed("viewed", "contact_matches", contact_id, found=tuple(one.match_id for one in found))
        return flask.render_template(
            "search/contact.html",
            contact_id=contact_id,
            adults=list(adults.values()),
            found=found,
            profiles=profiles.of(tx, set(adults)),
            **faces(tx, found),
        )
