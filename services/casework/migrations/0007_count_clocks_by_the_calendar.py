"""Count clocks by the calendar."""

import sqlalchemy as sa
from alembic import op

revision = 'casework_0007'
down_revision = 'casework_0006'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('clock', schema=None) as batch_op:
        batch_op.add_column(sa.Column('counted_by', sa.String(length=16), server_default='', nullable=False))
        batch_op.create_index('clock_counted', ['authority', 'stopped_at', 'counted_by'], unique=False)



def downgrade() -> None:
    with op.batch_alter_table('clock', schema=None) as batch_op:
        batch_op.drop_index('clock_counted')
        batch_op.drop_column('counted_by')

