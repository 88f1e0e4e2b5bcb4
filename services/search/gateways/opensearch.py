"""The index in OpenSearch: one shard, one document a mention, its keys as plain terms.

What changes is written into the database first, in the transaction that changes it: the key table holds the
keys of what the server may not show yet, a queue says what to send. So a failed transaction leaves nothing
in
the server, a server that is away loses nothing, and both are asked at every query. How many mentions are
under
a key is counted in the database, so that the ranking equals the embedded engine's.

The name of the index in use is a row of the database too: a rebuild fills a new one behind its own row, and
the
swap of the tables swaps the index.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from functools import partial
from typing import Any, NamedTuple, Protocol, TypeVar
from urllib.parse import urlsplit

import msgspec
from opensearchpy import OpenSearch
from opensearchpy.exceptions import AuthenticationException, AuthorizationException, OpenSearchException

from services.search.gateways.embedded import Keys, TableShelf, pairs
from services.search.gateways.port import Candidate, Query, Wanted, Worths, gather
from shared.errors import Misconfigured, Unavailable
from shared.store.transaction import Transaction
from shared.tls import context_of

T = TypeVar("T")

_SETTINGS = {
    "settings": {"index": {"number_of_shards": 1, "number_of_replicas": 0, "refresh_interval": "1s"}},
    "mappings": {
        "dynamic": "strict",
        # The server needs hashes to find by and nothing to show; what it does not keep cannot leak.
        "_source": {"enabled": False},
        "properties": {
            # Read of what is found, never asked for; and the other way round.
            "number": {"type": "long", "index": False},
            "keys": {"type": "keyword", "doc_values": False, "norms": False, "similarity": "boolean"},
        },
    },
}
# So many changes at once: what makes them visible costs the same for few and for many. Seconds that they may
# take: nobody waits for them, and a batch that is given up is sent again in vain.
_BATCH, _BULK = 5_000, 60
_FAILED = 300
_JSON = msgspec.json.Encoder().encode
_AWAY = "The index of earlier concerns does not answer. Nothing is lost; search again in a few minutes."


_DOWN = "The index does not answer: check HEED_INDEX_URL and whether the server runs."
_REFUSED = "The index refuses this process: check the user, password and rights of HEED_INDEX_URL."


class Waiting(NamedTuple):
    """A batch for the server: (number, stamp, keys), keys None for one to be deleted. Indexes of `family` but
    `name` belong to tables that were swapped away."""

    name: str
    family: str
    changes: tuple[tuple[int, int, tuple[int, ...] | None], ...]

    @property
    def is_last(self) -> bool:
        """Whether nothing more was waiting."""
        return len(self.changes) < _BATCH


class Outgoing(Protocol):
    """The queue, the counts and the name of the index, in the database; `db` is its connection."""

    def note(self, db: Any, changes: Iterable[tuple[int, Sequence[int] | None]], stamp: int) -> None:
        """To be sent: a mention's keys, or None when it was removed. A later note replaces an earlier one."""

    def batch(self, db: Any, most: int) -> Sequence[tuple[int, int, tuple[int, ...] | None]]:
        """The oldest that wait: (number, stamp, keys)."""

    def forget(self, db: Any, sent: Sequence[tuple[int, int]]) -> list[int]:
        """These were sent with these stamps; returns the numbers that did not change since."""

    def waiting(self, db: Any, numbers: Collection[int]) -> set[int]:
        """Which of these mentions wait to be sent."""

    def count(self, db: Any, changes: Counter[int]) -> None:
        """Add to how many mentions are under each key."""

    def counts(self, db: Any, keys: Collection[int]) -> dict[int, int]:
        """How many mentions are under each key; absent ones are left out."""

    def clear(self, db: Any) -> None:
        """Take out from under all keys what does not wait to be sent."""

    def name(self, db: Any) -> str:
        """The index in use; empty before anything was sent."""

    def give_name(self, db: Any, prefix: str) -> str:
        """The index in use, named when it has no name yet."""


class OpenSearchIndex:
    """Talks to one server (or a cluster behind one address)."""

    def __init__(self, url: str, table: Keys, outgoing: Outgoing) -> None:
        parts = urlsplit(url)
        secure: dict[str, Any] = {}
        if parts.scheme == "https":
            secure["ssl_context"] = context_of(parts.query, "HEED_INDEX_URL")
        address = parts._replace(query="").geturl()
        self._client = OpenSearch(address, timeout=10, max_retries=1, retry_on_timeout=False, **secure)
        self._table, self._outgoing = table, outgoing
        self._made: set[str] = set()

    def check(self) -> str:
        """Which server answers; the doctor asks. Raises Unavailable, or Misconfigured when it lets nobody
        in."""
        try:
            found = self._client.info(params={"request_timeout": 3})
        except (AuthenticationException, AuthorizationException):
            raise Misconfigured(_REFUSED) from None
        except OpenSearchException:
            raise Unavailable(_DOWN) from None
        return f"OpenSearch {found['version']['number']} answers"

    def put(self, tx: Transaction[Any], filed: Iterable[tuple[int, Sequence[int]]]) -> None:
        """Queue new mentions; until they are sent the key table answers for them."""
        filed = list(filed)
        self._table.add(tx.db, pairs(filed))
        self._outgoing.count(tx.db, Counter(k for _, keys in filed for k in keys))
        self._outgoing.note(tx.db, filed, _stamp(tx))

    def change(self, tx: Transaction[Any], number: int, before: Sequence[int], after: Sequence[int]) -> None:
        """Queue a mention with its new keys."""
        # All anew: a row that stayed could be cleared by whoever does not see yet that it waits again.
        self._table.drop(tx.db, ((k, number) for k in before))
        self._table.add(tx.db, ((k, number) for k in after))
        change = Counter(after)
        change.subtract(before)
        self._outgoing.count(tx.db, change)
        self._outgoing.note(tx.db, [(number, after)], _stamp(tx))

    def remove(self, tx: Transaction[Any], filed: Iterable[tuple[int, Sequence[int]]]) -> None:
        """Queue the deletion of mentions; they are left out of answers at once."""
        filed = list(filed)
        self._table.drop(tx.db, pairs(filed))
        gone: Counter[int] = Counter()
        gone.subtract(k for _, keys in filed for k in keys)
        self._outgoing.count(tx.db, gone)
        self._outgoing.note(tx.db, [(number, None) for number, _ in filed], _stamp(tx))

    def candidates(self, tx: Transaction[Any], queries: Sequence[Query]) -> list[list[Candidate]]:
        """The best of each first, of the server and of what it does not have yet."""
        served = Served(self, tx, self._outgoing.name(tx.db))
        counts = self._outgoing.counts(tx.db, {k for one in queries for k in one.keys})
        # The table's word is the newer one: what the server was sent last may not show there yet.
        return gather([served, TableShelf(self._table, tx.db)], queries, counts)

    def outgoing(self, tx: Transaction[Any]) -> Waiting | None:
        """At most five thousand changes, the oldest first."""
        changes = tuple(self._outgoing.batch(tx.db, _BATCH))
        if not changes:
            return None
        family = f"heed-{tx.tools.vault.fingerprint('search|region', '')[:10]}-"
        return Waiting(self._outgoing.give_name(tx.db, family), family, changes)

    def send(self, waiting: Waiting) -> None:
        """Make the index if need be, then send all in one request; visible when the last of a backlog
        returns."""
        self._make(waiting)
        body = b"".join(line for change in waiting.changes for line in _lines(*change))
        params = {
            "refresh": "true" if waiting.is_last else "false",
            "request_timeout": _BULK,
            "filter_path": "items.*.status",
        }
        found = self.asked(lambda: self._client.bulk(index=waiting.name, body=body, params=params))
        # A version conflict means that a later change is there already; a missing document is deleted
        # already.
        statuses = {outcome["status"] for one in found["items"] for outcome in one.values()}
        if any(status >= _FAILED and status not in (404, 409) for status in statuses):
            raise Unavailable(_AWAY)

    def sent(self, tx: Transaction[Any], waiting: Waiting) -> int:
        """Forget what did not change since; after the last of a backlog the key table needs it no longer."""
        done = self._outgoing.forget(tx.db, [(number, stamp) for number, stamp, _ in waiting.changes])
        if waiting.is_last:
            self._outgoing.clear(tx.db)
        return len(done)

    def search(self, index: str, bodies: Sequence[dict[str, Any]]) -> list[list[dict[str, Any]]]:
        """The hits of each, all in one request; none while the index was never sent anything."""
        where = {"index": index, "ignore_unavailable": True}
        lines = [line for body in bodies for line in (where, body)]
        found = self.asked(lambda: self._client.msearch(body=lines))
        # One that failed says so in its place, and the request has succeeded.
        if any("error" in one for one in found["responses"]):
            raise Unavailable(_AWAY)
        return [one["hits"]["hits"] for one in found["responses"]]

    def asked(self, call: Callable[[], T]) -> T:
        """The answer of the server. Raises Unavailable."""
        try:
            return call()
        except OpenSearchException:
            raise Unavailable(_AWAY) from None

    def waiting(self, tx: Transaction[Any], numbers: Collection[int]) -> set[int]:
        """Which of these the server knows an old form of."""
        return self._outgoing.waiting(tx.db, numbers)

    def discard(self, tx: Transaction[Any]) -> None:
        """Delete the index in use."""
        name = self._outgoing.name(tx.db)
        if name:
            self.asked(lambda: self._client.indices.delete(index=name, ignore_unavailable=True))

    def _make(self, waiting: Waiting) -> None:
        if waiting.name in self._made:
            return
        old = self.asked(lambda: list(self._client.indices.get(index=f"{waiting.family}*")))
        if waiting.name not in old:
            self.asked(lambda: self._client.indices.create(index=waiting.name, body=_SETTINGS))
        # A rebuild starts a new index with its new tables; the one before would be kept for ever.
        for name in set(old) - {waiting.name}:
            self.asked(partial(self._client.indices.delete, index=name, ignore_unavailable=True))
        self._made.add(waiting.name)


class Served:
    """What the server has, without what changed since."""

    def __init__(self, server: OpenSearchIndex, tx: Transaction[Any], index: str) -> None:
        self._server, self._tx, self._index = server, tx, index

    def weighed(self, asked: Sequence[Wanted]) -> list[dict[int, float]]:
        """One request: the server adds up what the keys are worth."""
        if not self._index:
            return [{} for _ in asked]
        hits = self._server.search(self._index, [_asked(one) for one in asked])
        found = [{int(hit["fields"]["number"][0]): float(hit["_score"]) for hit in of} for of in hits]
        # The key table answers for these until they are sent; the server still has their old keys.
        stale = self._server.waiting(self._tx, {number for of in found for number in of})
        return [{number: worth for number, worth in of.items() if number not in stale} for of in found]


def _asked(one: Wanted) -> dict[str, Any]:
    """The similarity of the field counts a term as its boost, whatever else is in the document. Only the best
    are wanted, so the server may pass over what cannot be among them."""
    found = {"bool": {"should": _terms(one.finding), "minimum_should_match": 1}}
    return {
        "size": one.most,
        "query": {"bool": {"must": found, "should": _terms(one.adding)}} if one.adding else found,
        "track_total_hits": False,
        "stored_fields": "_none_",
        "docvalue_fields": ["number"],
    }


def _terms(worths: Worths) -> list[dict[str, Any]]:
    return [{"term": {"keys": {"value": str(k), "boost": worth}}} for k, worth in worths.items()]


def _lines(number: int, stamp: int, keys: tuple[int, ...] | None) -> Iterator[bytes]:
    # The database's stamp decides, so that a batch sent twice or late overwrites nothing newer.
    where = {"_id": str(number), "version": stamp, "version_type": "external_gte"}
    yield _JSON({"delete" if keys is None else "index": where}) + b"\n"
    if keys is not None:
        yield _JSON({"number": number, "keys": [str(k) for k in keys]}) + b"\n"


def _stamp(tx: Transaction[Any]) -> int:
    """Grows with every change of a mention."""
    return int(tx.recorded_at.timestamp() * 1_000_000)
