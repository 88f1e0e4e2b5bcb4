"""Find pointers by contact."""

import sqlalchemy as sa
from alembic import op

revision = 'notifications_0003'
down_revision = 'notifications_0002'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('pointed', schema=None) as batch_op:
        batch_op.create_index('pointed_contact', ['authority', 'contact_id'], unique=False)



def downgrade() -> None:
    with op.batch_alter_table('pointed', schema=None) as batch_op:
        batch_op.drop_index('pointed_contact')

