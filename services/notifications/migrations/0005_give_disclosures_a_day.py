"""Give disclosures a day."""

import sqlalchemy as sa
from alembic import op

revision = 'notifications_0005'
down_revision = 'notifications_0004'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('disclosure', schema=None) as batch_op:
        batch_op.add_column(sa.Column('due_on', sa.Date(), nullable=True))
        batch_op.add_column(sa.Column('overdue_at', sa.DateTime(timezone=True), nullable=True))
        batch_op.create_index('disclosure_late', ['authority', 'state', 'due_on'], unique=False)



def downgrade() -> None:
    with op.batch_alter_table('disclosure', schema=None) as batch_op:
        batch_op.drop_index('disclosure_late')
        batch_op.drop_column('overdue_at')
        batch_op.drop_column('due_on')

