"""What every template has at hand: who is here, the navigation, dates in words, the form's token."""

import flask

from shared.partial_dates import said_day
from shared.web import components, csrf, identity, navigation, renewal, wording
from shared.web.host import host, visit

# Asked by every page: whether an invented history is still being played in the same process.
FILLING = "heed.filling"


def install(app: flask.Flask) -> None:
    """Prepare the templates."""
    app.extensions.setdefault(FILLING, lambda: False)
    app.jinja_env.globals.update(components.functions(), csrf=csrf.field)
    app.jinja_env.filters.update(
        date=wording.date_words,
        said_day=said_day,
        moment=wording.moment_words,
        number=wording.number,
        quoted=wording.quoted,
        multiline=wording.multiline,
        scan_words=wording.scan_words,
        size=wording.size_words,
    )
    app.context_processor(_context)


def _context() -> dict[str, object]:
    here = visit()
    signed_in = here.actor if here.identity else None
    return {
        "actor": signed_in,
        "authority": here.authority,
        "correlation_id": here.correlation_id,
        "demo": host().settings.demo,
        "filling": flask.current_app.extensions[FILLING](),
        "notices": here.notices,
        "as_at": here.now,
        "navigation_items": navigation.items(signed_in, flask.request.path),
        "service_title": navigation.title(host().service.name),
        "service_path": f"/{host().service.name}",
        "sign_in": renewal.SIGN_IN,
        "sign_out": renewal.SIGN_OUT,
        "stay_signed_in": renewal.RENEW,
        "idle_minutes": int(identity.IDLE.total_seconds() // 60),
        "warning_minutes": int(identity.WARNING.total_seconds() // 60),
    }
