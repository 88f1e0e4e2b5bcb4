"""Whom an encrypted connection trusts and who it says it is: `?cafile=…&certfile=…&keyfile=…`."""

import ssl
from urllib.parse import parse_qsl

from shared.errors import Misconfigured

_KNOWN = {"cafile", "certfile", "keyfile"}


def context_of(query: str, setting: str) -> ssl.SSLContext:
    """The context for such a query. Raises Misconfigured, naming the setting."""
    files = dict(parse_qsl(query, keep_blank_values=True))
    if unknown := set(files) - _KNOWN:
        raise Misconfigured(
            f"{setting} has an option that is none: {min(unknown)}; there are cafile, certfile, keyfile."
        )
    try:
        context = ssl.create_default_context(cafile=files.get("cafile"))
        if "certfile" in files:
            context.load_cert_chain(files["certfile"], files.get("keyfile"))
    except (OSError, ValueError):
        raise Misconfigured(f"{setting} names a certificate or key file that cannot be read.") from None
    return context
