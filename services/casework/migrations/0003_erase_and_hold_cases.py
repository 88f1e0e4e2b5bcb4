"""Erase and hold cases."""

import sqlalchemy as sa
from alembic import op

revision = 'casework_0003'
down_revision = 'casework_0002'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('erasure',
    sa.Column('authority', sa.String(length=40), nullable=False),
    sa.Column('case_id', sa.String(length=36), nullable=False),
    sa.Column('reference', sa.String(length=40), nullable=False),
    sa.Column('ground', sa.String(length=10), nullable=False),
    sa.Column('state', sa.String(length=10), nullable=False),
    sa.Column('asked_by', sa.String(length=80), nullable=False),
    sa.Column('asked_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('decided_by', sa.String(length=80), nullable=False),
    sa.Column('decided_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('body', sa.LargeBinary(), nullable=False),
    sa.PrimaryKeyConstraint('authority', 'case_id')
    )
    with op.batch_alter_table('erasure', schema=None) as batch_op:
        batch_op.create_index('erasure_state', ['authority', 'state', 'asked_at'], unique=False)

    op.create_table('hold',
    sa.Column('authority', sa.String(length=40), nullable=False),
    sa.Column('contact_id', sa.String(length=64), nullable=False),
    sa.Column('held_by', sa.String(length=80), nullable=False),
    sa.Column('held_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('lifted_by', sa.String(length=80), nullable=False),
    sa.Column('lifted_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('body', sa.LargeBinary(), nullable=False),
    sa.PrimaryKeyConstraint('authority', 'contact_id')
    )
    with op.batch_alter_table('case_file', schema=None) as batch_op:
        batch_op.create_index('case_file_closed', ['authority', 'stage', 'closed_at'], unique=False)



def downgrade() -> None:
    with op.batch_alter_table('case_file', schema=None) as batch_op:
        batch_op.drop_index('case_file_closed')

    op.drop_table('hold')
    with op.batch_alter_table('erasure', schema=None) as batch_op:
        batch_op.drop_index('erasure_state')

    op.drop_table('erasure')
