"""Let pointers be withdrawn."""

import sqlalchemy as sa
from alembic import op

revision = 'search_0008'
down_revision = 'search_0007'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('shown_pointer', schema=None) as batch_op:
        batch_op.add_column(sa.Column('withdrawn_at', sa.DateTime(timezone=True), nullable=True))



def downgrade() -> None:
    with op.batch_alter_table('shown_pointer', schema=None) as batch_op:
        batch_op.drop_column('withdrawn_at')

