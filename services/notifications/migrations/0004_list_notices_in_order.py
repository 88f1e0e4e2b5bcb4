"""List notices in order."""

import sqlalchemy as sa
from alembic import op

revision = 'notifications_0004'
down_revision = 'notifications_0003'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('notice', schema=None) as batch_op:
        batch_op.create_index('notice_decline', ['authority', 'decline_asked_by'], unique=False)
        batch_op.create_index('notice_listed', ['authority', 'late_after', 'raised_at', 'id'], unique=False)



def downgrade() -> None:
    with op.batch_alter_table('notice', schema=None) as batch_op:
        batch_op.drop_index('notice_listed')
        batch_op.drop_index('notice_decline')

