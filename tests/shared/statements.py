"""Statements on tables of two authorities: what the tenant wall lets through, and every way to forget it."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import (
    Column,
    ForeignKey,
    FromClause,
    Integer,
    MetaData,
    String,
    Table,
    and_,
    column,
    delete,
    exists,
    func,
    insert,
    literal,
    literal_column,
    not_,
    or_,
    select,
    table,
    text,
    union_all,
    update,
)
from sqlalchemy.dialects.sqlite import insert as upsert

from shared.store.guard import authority_column

metadata = MetaData()
case = Table(
    "case",
    metadata,
    authority_column(primary_key=True),
    Column("id", Integer, primary_key=True),
    Column("name", String),
)
part = Table(
    "part",
    metadata,
    authority_column(primary_key=True),
    Column("id", Integer, primary_key=True),
    Column("case_id", Integer, nullable=False),
    Column("other", Integer, ForeignKey("plain.id")),
)
plain = Table("plain", metadata, Column("id", Integer, primary_key=True))
exempt = Table(
    "kernel",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("authority", String),
    info={"tenancy": "exempt"},
)
A, B = "dorset", "wiltshire"
c, p, other = case.c, part.c, case.alias()


ALLOWED: dict[str, Callable[[], Any]] = {
    "own rows": lambda: select(case).where(c.authority == A),
    "value first": lambda: select(case).where(c.authority == A),
    "a literal": lambda: select(case).where(c.authority == literal(A)),
    "nested and": lambda: select(case).where(and_(c.id > 0, and_(c.id < 9, c.authority == A))),
    "with an or beside": lambda: select(case).where(c.authority == A, or_(c.id == 1, c.id == 2)),
    "an alias": lambda: select(other).where(other.c.authority == A),
    "an alias of an alias": lambda: _held(other.alias()),
    "count": lambda: select(func.count()).select_from(case).where(c.authority == A),
    "a join by authorities": lambda: (
        select(c.name, p.id)
        .join_from(case, part, and_(p.authority == c.authority, p.case_id == c.id))
        .where(c.authority == A)
    ),
    "a join held by the other side": lambda: (
        select(case).join(part, and_(p.authority == c.authority, p.case_id == c.id)).where(p.authority == A)
    ),
    "a comma join": lambda: select(c.name, p.id).where(c.authority == A, p.authority == c.authority),
    "an outer join": lambda: (
        select(c.name, p.id)
        .outerjoin_from(case, part, and_(p.authority == c.authority, p.case_id == c.id))
        .where(c.authority == A)
    ),
    "an outer join by value": lambda: (
        select(c.name, p.id)
        .outerjoin_from(case, part, and_(p.authority == A, p.case_id == c.id))
        .where(c.authority == A)
    ),
    "a self join": lambda: (
        select(c.id, other.c.id)
        .join_from(case, other, and_(other.c.authority == c.authority, other.c.id > c.id))
        .where(c.authority == A)
    ),
    "a join in brackets": lambda: (
        select(c.id)
        .select_from(
            case.join(
                part.join(other, and_(other.c.authority == p.authority, other.c.id == p.id)),
                p.authority == c.authority,
            )
        )
        .where(c.authority == A)
    ),
    "exists": lambda: select(case).where(
        c.authority == A, exists().where(p.authority == A, p.case_id == c.id)
    ),
    "exists by authorities": lambda: select(case).where(
        c.authority == A, exists().where(p.authority == c.authority, p.case_id == c.id)
    ),
    "exists under or": lambda: select(case).where(
        c.authority == A, or_(c.id == 1, exists().where(p.authority == c.authority, p.case_id == c.id))
    ),
    "in a select": lambda: select(case).where(
        c.authority == A, c.id.in_(select(p.case_id).where(p.authority == A))
    ),
    "a scalar": lambda: select(
        c.id, select(func.count()).where(p.authority == c.authority, p.case_id == c.id).scalar_subquery()
    ).where(c.authority == A),
    "a union": lambda: union_all(select(c.id).where(c.authority == A), select(p.id).where(p.authority == A)),
    "a subquery": lambda: select(select(c.id, c.name).where(c.authority == A).subquery()),
    "a cte": lambda: select(select(c.id, c.name).where(c.authority == A).cte()),
    "no tenant": lambda: select(plain),
    "exempt": lambda: select(exempt),
    "one": lambda: select(literal(1)),
    "update": lambda: update(case).where(c.authority == A, c.id == 1).values(name="x"),
    "update from": lambda: (
        update(case).where(c.authority == A, p.authority == c.authority, p.case_id == c.id).values(name="x")
    ),
    "update by a scalar": lambda: (
        update(case)
        .where(c.authority == A)
        .values(name=select(func.max(p.id)).where(p.authority == A).scalar_subquery())
    ),
    "delete": lambda: delete(case).where(c.authority == A, c.id == 1),
    "insert": lambda: insert(case).values(id=7, name="x"),
    "insert stated": lambda: insert(case).values(authority=A, id=7, name="x"),
    "insert many": lambda: insert(case).values([{"authority": A, "id": 7}, {"authority": A, "id": 8}]),
    "insert a scalar": lambda: insert(case).values(
        id=7, name=select(func.max(p.id)).where(p.authority == A).scalar_subquery()
    ),
    "insert elsewhere": lambda: insert(plain).values(id=7),
    "insert exempt": lambda: insert(exempt).values(id=7, authority=B),
    "upsert": lambda: _upsert(["authority", "id"], {"name": "x"}),
}


def _held(source: FromClause) -> Any:
    return select(source).where(source.c.authority == A)


def _upsert(targets: list[str], changes: dict[str, Any]) -> Any:
    statement = upsert(case).values([{"authority": A, "id": 1, "name": "new"}])
    return statement.on_conflict_do_update(index_elements=targets, set_=changes)


REFUSED: dict[str, Callable[[], Any]] = {
    "all rows": lambda: select(case),
    "one id": lambda: select(case).where(c.id == 1),
    "another authority": lambda: select(case).where(c.authority == B),
    "not its own": lambda: select(case).where(c.authority != A),
    "itself": lambda: select(case).where(c.authority == c.authority),
    "in": lambda: select(case).where(c.authority.in_([A, B])),
    "or": lambda: select(case).where(or_(c.authority == A, c.id == 1)),
    "not": lambda: select(case).where(not_(and_(c.authority == A, c.id == 1))),
    "another column": lambda: select(case).where(c.name == A),
    "an alias": lambda: select(other),
    "an alias of an alias": lambda: select(other.alias()),
    "the alias but not the table": lambda: select(case, other).where(other.c.authority == A),
    "a sample": lambda: select(case.tablesample(10)),
    "count": lambda: select(func.count()).select_from(case),
    "a join by id": lambda: select(c.id).join(part, p.case_id == c.id).where(c.authority == A),
    "a join to nothing held": lambda: select(c.id).join(part, p.authority == c.authority),
    "a join in brackets": lambda: (
        select(c.id)
        .select_from(case.join(part.join(plain, p.other == plain.c.id), p.case_id == c.id))
        .where(c.authority == A)
    ),
    "an outer join's condition for its left": lambda: select(c.name).outerjoin_from(
        case, part, and_(c.authority == A, p.authority == A)
    ),
    "an outer join's equality for its left": lambda: select(c.name).outerjoin_from(
        case, part, and_(p.authority == A, c.authority == p.authority)
    ),
    "a full join's condition": lambda: select(c.name).join_from(
        case, part, and_(c.authority == A, p.authority == A), full=True
    ),
    "a comma join": lambda: select(c.name, p.id).where(c.authority == A),
    "exists": lambda: select(case).where(c.authority == A, exists().where(p.case_id == c.id)),
    "exists holds only its own": lambda: select(case).where(
        exists().where(p.authority == A, p.case_id == c.id)
    ),
    "exists beside or": lambda: select(case).where(
        or_(c.id == 1, exists().where(p.authority == A, p.authority == c.authority))
    ),
    "not exists": lambda: select(case).where(~exists().where(p.authority == A, p.authority == c.authority)),
    "in a select of its own": lambda: select(case).where(
        c.id.in_(select(c.id).where(c.authority == A).correlate(None))
    ),
    "in a select": lambda: select(case).where(c.authority == A, c.id.in_(select(p.case_id))),
    "a scalar": lambda: select(c.id, select(func.max(p.id)).scalar_subquery()).where(c.authority == A),
    "one arm of a union": lambda: union_all(select(c.id).where(c.authority == A), select(p.id)),
    "a subquery": lambda: select(select(case).subquery()),
    "a subquery held outside": lambda: _held(select(case).subquery()),
    "a cte": lambda: select(select(case).cte()),
    "order by a select": lambda: (
        select(case).where(c.authority == A).order_by(select(func.max(p.id)).scalar_subquery())
    ),
    "text": lambda: text('SELECT * FROM "case"'),
    "text as a select": lambda: text('SELECT id FROM "case"').columns(column("id")),
    "text in a condition": lambda: select(case).where(c.authority == A, text("1=1 OR 1=1")),
    "text in a column": lambda: select(literal_column('(SELECT max(name) FROM "case")')),
    "a table by its name": lambda: select(column("name")).select_from(table("case", column("name"))),
    "update": lambda: update(case).values(name="x"),
    "update another": lambda: update(case).where(c.authority == B).values(name="x"),
    "update from": lambda: update(case).where(c.authority == A, p.case_id == c.id).values(name="x"),
    "update by a column elsewhere": lambda: update(case).where(c.authority == A).values(name=p.id),
    "update by a scalar": lambda: (
        update(case).where(c.authority == A).values(name=select(func.max(p.id)).scalar_subquery())
    ),
    "give away": lambda: update(case).where(c.authority == A).values(authority=B),
    "give away by a column": lambda: update(case).where(c.authority == A).values({c.authority: literal(B)}),
    "delete": lambda: delete(case),
    "insert": lambda: insert(case).values(authority=B, id=7),
    "insert many": lambda: insert(case).values([{"authority": A, "id": 7}, {"authority": B, "id": 8}]),
    "insert computed": lambda: insert(case).values(authority=func.lower("X"), id=7),
    "insert from a select": lambda: insert(case).from_select(["id"], select(p.id)),
    "insert a chosen authority": lambda: insert(case).from_select(
        ["authority", "id"], select(literal(B), p.id).where(p.authority == A)
    ),
    "insert a scalar": lambda: insert(plain).values(id=select(func.max(c.id)).scalar_subquery()),
    "insert many with a scalar": lambda: insert(plain).values(
        [{"id": select(func.max(c.id)).scalar_subquery()}]
    ),
    "upsert over any authority": lambda: _upsert(["id"], {"name": "x"}),
    "upsert that gives away": lambda: _upsert(["authority", "id"], {"authority": B}),
    "upsert by a scalar": lambda: _upsert(
        ["authority", "id"], {"name": select(func.max(p.id)).scalar_subquery()}
    ),
    "a delete inside a select": lambda: select(delete(case).where(c.authority == A).returning(c.id).cte()),
}
