"""Know merged contacts."""

import sqlalchemy as sa
from alembic import op

revision = 'search_0007'
down_revision = 'search_0006'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('merged',
    sa.Column('authority', sa.String(length=40), nullable=False),
    sa.Column('contact_id', sa.String(length=64), nullable=False),
    sa.Column('into', sa.String(length=64), nullable=False),
    sa.PrimaryKeyConstraint('authority', 'contact_id')
    )
    with op.batch_alter_table('merged', schema=None) as batch_op:
        batch_op.create_index('merged_into', ['authority', 'into'], unique=False)



def downgrade() -> None:
    with op.batch_alter_table('merged', schema=None) as batch_op:
        batch_op.drop_index('merged_into')

    op.drop_table('merged')
