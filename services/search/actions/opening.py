"""Which index is used: the address says it."""

from services.search.gateways.embedded import EmbeddedIndex
from services.search.gateways.port import Index
from services.search.store.index import KeyTable, OutgoingTable


def open_index(url: str) -> Index:
    """`embedded://`, or OpenSearch by `http(s)://`; connects to nothing yet."""
    if url.startswith("embedded"):
        return EmbeddedIndex(KeyTable())
    # Only a region with a server loads its client.
    from services.search.gateways.opensearch import OpenSearchIndex

    return OpenSearchIndex(url, KeyTable(), OutgoingTable())
