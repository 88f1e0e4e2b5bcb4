"""What search keeps, and what can be read from its tables without its keys."""

from datetime import timedelta
from typing import Any

from sqlalchemy import event, select, text

from services.search.actions.indexing import index_mentions
from services.search.store import mentions, references, settings
from services.search.store.mentions import Said
from services.search.store.tables import match_key, metadata, portrait
from shared.contracts.intake import ContactRestricted
from tests.search.adults import MONDAY, adult, bare, case, contact
from tests.search.desk import Desk

PERSONAL = ("quillfeather", "rosalind", "larkspur", "dt12qx", "7700900123", "9912345", "1984-05-13", "osyth")


def test_nothing_personal_stands_in_a_plain_column(desk: Desk):
    desk.hear(contact("c-1"), contact("c-2"), case("k-1", "c-2", adult()))
    with desk.database.engine.connect() as db:
        for table in metadata.sorted_tables:
            for row in db.exec_driver_sql(f'SELECT * FROM "{table.name}"'):
                said = " ".join(str(value) for value in row).lower()
                assert not [one for one in PERSONAL if one in said.replace(" ", "")], table.name


def test_the_same_said_again_changes_nothing(desk: Desk):
    said = [Said("c-1", adult(), MONDAY)]
    with desk.transaction() as tx:
        (first,) = index_mentions(tx, said)
        (second,) = index_mentions(tx, said)
    assert first.is_new and not second.changed and first.portrait == second.portrait
    with desk.database.plumbing(writing=False) as db:
        assert len(db.execute(select(portrait.c.number)).all()) == 1


def test_a_corrected_adult_leaves_none_of_its_old_keys_behind(desk: Desk):
    with desk.transaction() as tx:
        index_mentions(tx, [Said("c-1", adult(), MONDAY)])
        index_mentions(tx, [Said("c-1", bare("Zebedee", "Oakapple"), MONDAY, corrected=True)])
    with desk.transaction() as tx:
        index_mentions(tx, [Said("c-2", bare("Zebedee", "Oakapple"), MONDAY)])
    with desk.database.plumbing(writing=False) as db:
        by_number: dict[int, set[int]] = {}
        for k, number in db.execute(select(match_key)):
            by_number.setdefault(number, set()).add(k)
    first, second = by_number.values()
    assert first == second


def test_how_often_a_term_is_met_follows_corrections(desk: Desk):
    from services.search.actions.asking import look_up
    from services.search.domain.portrait import portray

    with desk.transaction() as tx:
        index_mentions(tx, [Said("c-1", adult(), MONDAY), Said("c-2", adult(), MONDAY)])
        index_mentions(tx, [Said("c-2", bare("Zebedee", "Oakapple"), MONDAY, corrected=True)])
        counted = look_up(tx, [portray(adult())])[0].rarity
    assert counted.people == 2 and counted.counts["n:quillfeather"] == 1


def test_a_mention_of_another_authority_is_not_there(desk: Desk):
    desk.hear(contact("w-1"), authority="wiltshire")
    with desk.transaction("dorset") as tx:
        assert not mentions.find(tx, ["w-1"]) and not references.of_contacts(tx, ["w-1"])
        assert mentions.state(tx, "w-1") is None


def test_a_contact_closed_to_the_reader_is_left_out_and_kept_for_others(desk: Desk):
    desk.hear(contact("c-1"))
    desk.hear(ContactRestricted(contact_id="c-1", only=("officer-2",)))
    with desk.transaction(user="officer-1") as tx:
        assert not mentions.of_contacts(tx, ["c-1"]) and references.contact_of(tx, "C-c-1") is None
    with desk.transaction(user="officer-2") as tx:
        assert mentions.of_contacts(tx, ["c-1"]) and references.contact_of(tx, "c-c-1") == "c-1"


def test_an_adult_counts_once_at_a_setting_for_each_contact(desk: Desk):
    later = MONDAY + timedelta(days=3)
    corrected = case("k-1", "c-1", adult(born="1984-05-14"), at=later)
    desk.hear(contact("c-1"), corrected, contact("c-2", at=later))
    with desk.transaction() as tx:
        (one,), total = settings.listed(tx, settings.Wanted(), 0, 50)
    assert total == 1 and one.concerns == 2 and one.named_at == later


def test_written_out_sql_is_refused_by_the_tenant_wall(desk: Desk):
    import pytest

    with pytest.raises(Exception, match="Written-out SQL"), desk.transaction() as tx:
        tx.db.execute(text("SELECT * FROM mention"))


def test_candidates_are_read_by_their_numbers_and_not_by_whose_they_are(desk: Desk):
    with desk.transaction() as tx:
        index_mentions(tx, [Said(f"c-{number}", adult(), MONDAY) for number in range(40)])
    read: list[tuple[str, Any]] = []

    def note(_db: Any, _cursor: Any, statement: str, values: Any, *_: Any) -> None:
        read.append((statement, values))

    event.listen(desk.database.engine, "before_cursor_execute", note)
    desk.hear(contact("c-99"))
    event.remove(desk.database.engine, "before_cursor_execute", note)
    statement, values = next(one for one in read if "portrait.number IN" in one[0])
    with desk.database.engine.connect() as db:
        plan = str(db.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values).all())
    assert "portrait USING INTEGER PRIMARY KEY" in plan and "authority=?" not in plan
