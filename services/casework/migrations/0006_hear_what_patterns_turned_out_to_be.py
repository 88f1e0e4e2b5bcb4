"""Hear what patterns turned out to be."""

import sqlalchemy as sa
from alembic import op

revision = 'casework_0006'
down_revision = 'casework_0005'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('erased',
    sa.Column('authority', sa.String(length=40), nullable=False),
    sa.Column('contact_id', sa.String(length=64), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('authority', 'contact_id')
    )
    with op.batch_alter_table('pattern', schema=None) as batch_op:
        batch_op.add_column(sa.Column('finding', sa.String(length=20), server_default='', nullable=False))



def downgrade() -> None:
    with op.batch_alter_table('pattern', schema=None) as batch_op:
        batch_op.drop_column('finding')

    op.drop_table('erased')
