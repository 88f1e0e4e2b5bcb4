"""What other programs find in the same people: Splink with its stock comparisons, which learns from the very
people it is asked about, and nomenklatura's logic-v2 on the best by words. Each in the form of an evaluation.

Splink comes with `pip install -e .[learn]`; nomenklatura with `pip install nomenklatura`, where ICU's headers
are.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from importlib import import_module
from importlib.metadata import version
from importlib.util import find_spec
from typing import Any

from services.search.commands import goals
from services.search.commands.records import Entry
from shared.contracts.people import Person
from shared.vocabulary import Band
from tests.bench.words import WordSearch

# From where on each calls a pair the same: what its users commonly take.
_SPLINK_SURE, _LOGIC_SURE = 0.95, 0.7
_MOST, _BY_WORDS = 5, 30
_FIELDS = ("given", "surname", "born", "postcode", "email", "phone")
# Of each query, how sure of whom.
Found = dict[str, list[tuple[float, str]]]


def evaluations(entries: Sequence[Entry]) -> Iterator[dict[str, Any]]:
    """One for each program that is installed."""
    programs: Mapping[str, tuple[Callable[[Sequence[Entry]], Found], float]] = {
        "splink": (splink, _SPLINK_SURE),
        "nomenklatura": (logic, _LOGIC_SURE),
    }
    for name, (ask, sure) in programs.items():
        if find_spec(name):
            yield _document(f"{name} {version(name)}", entries, ask(entries), sure)


def _document(name: str, entries: Sequence[Entry], found: Found, sure: float) -> dict[str, Any]:
    queries = [
        {
            "id": one.id,
            "truth": one.truth,
            "why": one.why,
            "group": one.group,
            "hits": _hits(found, one, sure),
        }
        for one in entries
        if one.kind != "person"
    ]
    return {"engine": name, "queries": queries, "summary": goals.recall(queries)}


def _hits(found: Found, one: Entry, sure: float) -> list[dict[str, str]]:
    best = sorted(found.get(one.id, ()), reverse=True)[:_MOST]
    return [{"id": who, "band": (Band.LIKELY if p >= sure else Band.POSSIBLE).value} for p, who in best]


def splink(entries: Sequence[Entry]) -> Found:
    """The pairs that any of its usual rules brings together, weighed by what it learns without being told."""
    import splink.comparison_library as cl
    from duckdb import connect
    from splink import DuckDBAPI, Linker, SettingsCreator, block_on

    rules: list[Any] = [
        block_on("surname"), block_on("born"), block_on("postcode"), block_on("phone"), block_on("email"),
        block_on("given", "substr(born, 1, 4)"), block_on("substr(given, 1, 2)", "substr(surname, 1, 3)"),
    ]  # fmt: skip
    comparisons: list[Any] = [
        cl.ForenameSurnameComparison("given", "surname"),
        cl.DateOfBirthComparison("born", input_is_string=True),
        cl.PostcodeComparison("postcode"),
        cl.EmailComparison("email"),
        cl.ExactMatch("phone"),
    ]
    asked = SettingsCreator(
        link_type="link_only", comparisons=comparisons, blocking_rules_to_generate_predictions=rules
    )
    database = connect()
    engine = DuckDBAPI(connection=database)
    tables = [_table(database, engine, name, of) for name, of in _sides(entries)]
    linker = Linker(tables, asked, log_level="ERROR")
    train = linker.training
    train.estimate_probability_two_random_records_match([block_on("given", "surname", "born")], recall=0.5)
    train.estimate_u_using_random_sampling(max_pairs=1e6, seed=7)
    for rule in (block_on("born"), block_on("surname")):
        train.estimate_parameters_using_expectation_maximisation(rule)
    found: Found = {}
    for row in linker.inference.predict(threshold_match_probability=0.01).as_record_list():
        who, asker = sorted((row["unique_id_l"], row["unique_id_r"]), key=lambda one: one[:1] != "p")
        found.setdefault(asker[2:], []).append((row["match_probability"], who[2:]))
    return found


def _sides(entries: Sequence[Entry]) -> Iterator[tuple[str, list[Entry]]]:
    yield "people", [one for one in entries if one.kind == "person"]
    yield "queries", [one for one in entries if one.kind != "person"]


def _table(database: Any, engine: Any, name: str, of: Sequence[Entry]) -> Any:
    columns = ("unique_id", *_FIELDS)
    database.execute(f"CREATE TABLE {name} ({', '.join(f'{one} VARCHAR' for one in columns)})")
    marks = ", ".join("?" for _ in columns)
    database.executemany(f"INSERT INTO {name} VALUES ({marks})", [list(_flat(one).values()) for one in of])
    return engine.register(name, dataset_display_name=name)


def _flat(one: Entry) -> dict[str, str | None]:
    name, person = one.person.names[0], one.person
    first, _, last = name.full.rpartition(" ")
    said = {
        "given": name.given or first,
        "surname": name.surname or last,
        "born": person.born if len(person.born) == 10 else "",
        "postcode": person.addresses[0].postcode if person.addresses else "",
        "email": next(iter(person.emails), ""),
        "phone": "".join(filter(str.isdigit, next(iter(person.phones), "")))[-10:],
    }
    key = "p" if one.kind == "person" else "q"
    return {"unique_id": f"{key}-{one.id}", **{name: value.lower() or None for name, value in said.items()}}


def logic(entries: Sequence[Entry]) -> Found:
    """The thirty best by words, weighed by logic-v2."""
    algorithm: Any = import_module("nomenklatura.matching").get_algorithm("logic-v2")
    config = algorithm.default_config()
    people = {one.id: one.person for one in entries if one.kind == "person"}
    words, known = WordSearch(people.values()), {who: _entity(one) for who, one in people.items()}
    found: Found = {}
    for one in entries:
        if one.kind != "person":
            asked = _entity(one.person)
            ids = words.ask(one.person, _BY_WORDS)
            found[one.id] = [(algorithm.compare(asked, known[who], config).score, who) for who in ids]
    return found


def _entity(person: Person) -> Any:
    made = import_module("followthemoney").model.make_entity("Person")
    made.id = person.id
    for name in person.names:
        made.add("name", name.full or " ".join(filter(None, (name.given, name.middle, name.surname))))
        made.add("firstName", name.given)
        made.add("lastName", name.surname)
    made.add("birthDate", person.born)
    for one in person.addresses:
        made.add("address", ", ".join(filter(None, (one.line1, one.town, one.postcode))))
    made.add(
        "phone", [f"+44{one[1:]}".replace(" ", "") if one.startswith("0") else one for one in person.phones]
    )
    made.add("email", person.emails)
    made.add("idNumber", [one.value for one in person.identifiers])
    return made
