"""Ask for disclosure."""

import sqlalchemy as sa
from alembic import op

revision = 'notifications_0002'
down_revision = 'notifications_0001'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('disclosure',
    sa.Column('authority', sa.String(length=40), nullable=False),
    sa.Column('id', sa.String(length=36), nullable=False),
    sa.Column('side', sa.String(length=10), nullable=False),
    sa.Column('other', sa.String(length=40), nullable=False),
    sa.Column('reference', sa.String(length=36), nullable=False),
    sa.Column('contact_id', sa.String(length=64), nullable=False),
    sa.Column('state', sa.String(length=10), nullable=False),
    sa.Column('asked_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('asked_by', sa.String(length=80), nullable=False),
    sa.Column('decided_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('decided_by', sa.String(length=80), nullable=False),
    sa.Column('body', sa.LargeBinary(), nullable=False),
    sa.PrimaryKeyConstraint('authority', 'id')
    )
    with op.batch_alter_table('disclosure', schema=None) as batch_op:
        batch_op.create_index('disclosure_about', ['authority', 'reference'], unique=False)
        batch_op.create_index('disclosure_listed', ['authority', 'side', 'asked_at'], unique=False)

    op.create_table('pointed',
    sa.Column('authority', sa.String(length=40), nullable=False),
    sa.Column('reference', sa.String(length=36), nullable=False),
    sa.Column('other', sa.String(length=40), nullable=False),
    sa.Column('contact_id', sa.String(length=64), nullable=False),
    sa.PrimaryKeyConstraint('authority', 'reference')
    )


def downgrade() -> None:
    op.drop_table('pointed')
    with op.batch_alter_table('disclosure', schema=None) as batch_op:
        batch_op.drop_index('disclosure_listed')
        batch_op.drop_index('disclosure_about')

    op.drop_table('disclosure')
