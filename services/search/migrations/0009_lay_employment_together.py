"""Lay employment together."""

import sqlalchemy as sa
from alembic import op

revision = 'search_0009'
down_revision = 'search_0008'
branch_labels = None
depends_on = None

_ROWID = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')


def upgrade() -> None:
    with op.batch_alter_table('employment', schema=None) as batch_op:
        batch_op.drop_index('employment_seen')

    # How SQLite lays rows is part of a table's making; PostgreSQL knows no other way.
    if op.get_context().dialect.name == 'sqlite':
        _lay(with_rowid=False, number=_ROWID, before=sa.BigInteger())


def downgrade() -> None:
    if op.get_context().dialect.name == 'sqlite':
        _lay(with_rowid=True, number=sa.BigInteger(), before=_ROWID)

    with op.batch_alter_table('employment', schema=None) as batch_op:
        batch_op.create_index('employment_seen', ['authority', 'setting_id', 'seen_at'], unique=False)


def _lay(*, with_rowid: bool, number: sa.types.TypeEngine, before: sa.types.TypeEngine) -> None:
    kept = {'sqlite_with_rowid': with_rowid}
    with op.batch_alter_table('employment', schema=None, recreate='always', table_kwargs=kept):
        pass
    with op.batch_alter_table('portrait', schema=None) as batch_op:
        batch_op.alter_column('number', existing_type=before, type_=number, existing_nullable=False,
                              autoincrement=False)
