"""Know patterns before cases."""

import sqlalchemy as sa
from alembic import op

revision = 'casework_0005'
down_revision = 'casework_0004'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('pattern', schema=None) as batch_op:
        batch_op.add_column(sa.Column('kind', sa.String(length=10), server_default='', nullable=False))
        batch_op.add_column(sa.Column('needs', sa.Integer(), server_default='2', nullable=False))
        # What is kept already was told.
        batch_op.add_column(sa.Column('told', sa.Boolean(), server_default=sa.true(), nullable=False))



def downgrade() -> None:
    with op.batch_alter_table('pattern', schema=None) as batch_op:
        batch_op.drop_column('told')
        batch_op.drop_column('needs')
        batch_op.drop_column('kind')
