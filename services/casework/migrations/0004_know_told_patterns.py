"""Know told patterns."""

import sqlalchemy as sa
from alembic import op

revision = 'casework_0004'
down_revision = 'casework_0003'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('pattern',
    sa.Column('authority', sa.String(length=40), nullable=False),
    sa.Column('pattern_id', sa.String(length=64), nullable=False),
    sa.Column('contact_id', sa.String(length=64), nullable=False),
    sa.Column('reference', sa.String(length=40), nullable=False),
    sa.PrimaryKeyConstraint('authority', 'pattern_id', 'contact_id')
    )
    with op.batch_alter_table('pattern', schema=None) as batch_op:
        batch_op.create_index('pattern_of_contact', ['authority', 'contact_id'], unique=False)



def downgrade() -> None:
    with op.batch_alter_table('pattern', schema=None) as batch_op:
        batch_op.drop_index('pattern_of_contact')

    op.drop_table('pattern')
