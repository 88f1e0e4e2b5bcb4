"""Drop the pulse: the kernel notes when facts were last heard."""

import sqlalchemy as sa
from alembic import op

revision = 'reporting_0002'
down_revision = 'reporting_0001'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_table('pulse')


def downgrade() -> None:
    op.create_table('pulse',
    sa.Column('authority', sa.String(length=40), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('authority')
    )
