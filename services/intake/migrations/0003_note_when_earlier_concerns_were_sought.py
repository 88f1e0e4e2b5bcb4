"""Note when earlier concerns were sought."""

import sqlalchemy as sa
from alembic import op

revision = 'intake_0003'
down_revision = 'intake_0002'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('contact', schema=None) as batch_op:
        batch_op.add_column(sa.Column('checked_at', sa.DateTime(timezone=True), nullable=True))
    # Those that are here were looked for when they came, before anybody said so.
    walled = op.get_bind().dialect.name == 'postgresql'
    if walled:
        op.execute("ALTER TABLE contact NO FORCE ROW LEVEL SECURITY")
    op.execute("UPDATE contact SET checked_at = received_at")
    if walled:
        op.execute("ALTER TABLE contact FORCE ROW LEVEL SECURITY")


def downgrade() -> None:
    with op.batch_alter_table('contact', schema=None) as batch_op:
        batch_op.drop_column('checked_at')
