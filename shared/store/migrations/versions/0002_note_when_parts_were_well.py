"""Note when parts were well."""

import sqlalchemy as sa
from alembic import op

revision = 'kernel_0002'
down_revision = 'kernel_0001'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('vital',
    sa.Column('part', sa.String(length=10), nullable=False),
    sa.Column('well_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('part'),
    info={'tenancy': 'exempt', 'application': 'SELECT'}
    )


def downgrade() -> None:
    op.drop_table('vital')
