"""Count patterns."""

import sqlalchemy as sa
from alembic import op

revision = 'reporting_0004'
down_revision = 'reporting_0003'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('pattern_fact',
    sa.Column('authority', sa.String(length=40), nullable=False),
    sa.Column('id', sa.String(length=36), nullable=False),
    sa.Column('kind', sa.String(length=20), nullable=False),
    sa.Column('signs', sa.String(length=400), nullable=False),
    sa.Column('found_on', sa.Date(), nullable=True),
    sa.Column('review', sa.String(length=20), nullable=False),
    sa.PrimaryKeyConstraint('authority', 'id')
    )


def downgrade() -> None:
    op.drop_table('pattern_fact')
