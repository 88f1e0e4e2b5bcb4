"""Remind of disclosures."""

import sqlalchemy as sa
from alembic import op

revision = 'notifications_0007'
down_revision = 'notifications_0006'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('disclosure', schema=None) as batch_op:
        batch_op.add_column(sa.Column('remind_on', sa.Date(), nullable=True))
        batch_op.add_column(sa.Column('reminded_at', sa.DateTime(timezone=True), nullable=True))



def downgrade() -> None:
    with op.batch_alter_table('disclosure', schema=None) as batch_op:
        batch_op.drop_column('reminded_at')
        batch_op.drop_column('remind_on')

