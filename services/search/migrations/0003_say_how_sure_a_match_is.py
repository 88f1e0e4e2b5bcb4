"""Say how sure a match is."""

import sqlalchemy as sa
from alembic import op

revision = 'search_0003'
down_revision = 'search_0002'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('match', schema=None) as batch_op:
        batch_op.add_column(sa.Column('percent', sa.SmallInteger(), nullable=True))



def downgrade() -> None:
    with op.batch_alter_table('match', schema=None) as batch_op:
        batch_op.drop_column('percent')

