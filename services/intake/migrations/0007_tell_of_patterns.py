"""Tell of patterns."""

import sqlalchemy as sa
from alembic import op

revision = 'intake_0007'
down_revision = 'intake_0006'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('pattern',
    sa.Column('authority', sa.String(length=40), nullable=False),
    sa.Column('pattern_id', sa.String(length=36), nullable=False),
    sa.Column('reference', sa.String(length=24), nullable=False),
    sa.Column('kind', sa.String(length=10), nullable=False),
    sa.Column('signs', sa.JSON(), nullable=False),
    sa.Column('needs', sa.Integer(), nullable=False),
    sa.Column('found_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('state', sa.String(length=10), nullable=False),
    sa.Column('finding', sa.String(length=10), nullable=False),
    sa.PrimaryKeyConstraint('authority', 'pattern_id')
    )
    op.create_table('pattern_contact',
    sa.Column('authority', sa.String(length=40), nullable=False),
    sa.Column('pattern_id', sa.String(length=36), nullable=False),
    sa.Column('contact_id', sa.String(length=36), nullable=False),
    sa.PrimaryKeyConstraint('authority', 'pattern_id', 'contact_id')
    )
    with op.batch_alter_table('pattern_contact', schema=None) as batch_op:
        batch_op.create_index('pattern_contact_of', ['authority', 'contact_id'], unique=False)



def downgrade() -> None:
    with op.batch_alter_table('pattern_contact', schema=None) as batch_op:
        batch_op.drop_index('pattern_contact_of')

    op.drop_table('pattern_contact')
    op.drop_table('pattern')
