"""Let contacts be erased."""

import sqlalchemy as sa
from alembic import op

revision = 'search_0004'
down_revision = 'search_0003'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('erased',
    sa.Column('authority', sa.String(length=40), nullable=False),
    sa.Column('contact_id', sa.String(length=64), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('authority', 'contact_id'),
    info={'rebuild': 'kept'}
    )
    op.create_table('search_found',
    sa.Column('authority', sa.String(length=40), nullable=False),
    sa.Column('contact_id', sa.String(length=64), nullable=False),
    sa.Column('search_id', sa.String(length=36), nullable=False),
    sa.PrimaryKeyConstraint('authority', 'contact_id', 'search_id'),
    info={'rebuild': 'kept'}
    )
    with op.batch_alter_table('search', schema=None) as batch_op:
        batch_op.create_index('search_contact', ['authority', 'contact_id'], unique=False)



def downgrade() -> None:
    with op.batch_alter_table('search', schema=None) as batch_op:
        batch_op.drop_index('search_contact')

    op.drop_table('search_found')
    op.drop_table('erased')
