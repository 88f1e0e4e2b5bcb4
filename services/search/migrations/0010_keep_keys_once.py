"""Keep keys once."""

from alembic import op

revision = 'search_0010'
down_revision = 'search_0009'
branch_labels = None
depends_on = None

_LAID = ('case_of', 'merged', 'reference', 'setting_key', 'setting_word', 'succession')


def upgrade() -> None:
    with op.batch_alter_table('portrait', schema=None) as batch_op:
        batch_op.drop_index('portrait_contact')

    _lay(with_rowid=False)


def downgrade() -> None:
    _lay(with_rowid=True)

    with op.batch_alter_table('portrait', schema=None) as batch_op:
        batch_op.create_index('portrait_contact', ['authority', 'contact_id'], unique=False)


def _lay(*, with_rowid: bool) -> None:
    # How SQLite lays rows is part of a table's making; PostgreSQL knows no other way.
    if op.get_context().dialect.name != 'sqlite':
        return
    for table in _LAID:
        with op.batch_alter_table(table, schema=None, recreate='always',
                                  table_kwargs={'sqlite_with_rowid': with_rowid}):
            pass
