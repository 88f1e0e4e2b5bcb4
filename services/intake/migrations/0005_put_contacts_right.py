"""Put contacts right."""

import sqlalchemy as sa
from alembic import op

revision = 'intake_0005'
down_revision = 'intake_0004'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('correction',
    sa.Column('authority', sa.String(length=40), nullable=False),
    sa.Column('id', sa.String(length=36), nullable=False),
    sa.Column('contact_id', sa.String(length=36), nullable=False),
    sa.Column('person_id', sa.String(length=64), nullable=False),
    sa.Column('corrected_by', sa.String(length=80), nullable=False),
    sa.Column('corrected_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('body', sa.LargeBinary(), nullable=False),
    sa.PrimaryKeyConstraint('authority', 'id')
    )
    with op.batch_alter_table('correction', schema=None) as batch_op:
        batch_op.create_index('correction_contact', ['authority', 'contact_id', 'corrected_at'], unique=False)

    op.create_table('erasure',
    sa.Column('authority', sa.String(length=40), nullable=False),
    sa.Column('contact_id', sa.String(length=36), nullable=False),
    sa.Column('reference', sa.String(length=24), nullable=False),
    sa.Column('ground', sa.String(length=10), nullable=False),
    sa.Column('state', sa.String(length=10), nullable=False),
    sa.Column('asked_by', sa.String(length=80), nullable=False),
    sa.Column('asked_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('decided_by', sa.String(length=80), nullable=False),
    sa.Column('decided_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('body', sa.LargeBinary(), nullable=False),
    sa.PrimaryKeyConstraint('authority', 'contact_id')
    )
    with op.batch_alter_table('erasure', schema=None) as batch_op:
        batch_op.create_index('erasure_state', ['authority', 'state', 'asked_at'], unique=False)

    with op.batch_alter_table('contact', schema=None) as batch_op:
        batch_op.add_column(sa.Column('merged_into', sa.String(length=36), server_default='', nullable=False))
        batch_op.create_index('contact_merged', ['authority', 'merged_into'], unique=False)



def downgrade() -> None:
    with op.batch_alter_table('contact', schema=None) as batch_op:
        batch_op.drop_index('contact_merged')
        batch_op.drop_column('merged_into')

    with op.batch_alter_table('erasure', schema=None) as batch_op:
        batch_op.drop_index('erasure_state')

    op.drop_table('erasure')
    with op.batch_alter_table('correction', schema=None) as batch_op:
        batch_op.drop_index('correction_contact')

    op.drop_table('correction')
