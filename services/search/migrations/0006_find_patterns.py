"""Find patterns."""

import sqlalchemy as sa
from alembic import op

revision = 'search_0006'
down_revision = 'search_0005'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('pattern',
    sa.Column('authority', sa.String(length=40), nullable=False),
    sa.Column('pattern_id', sa.String(length=36), nullable=False),
    sa.Column('kind', sa.String(length=10), nullable=False),
    sa.Column('subject', sa.String(length=36), nullable=False),
    sa.Column('state', sa.String(length=10), nullable=False),
    sa.Column('needs', sa.Integer(), nullable=False),
    sa.Column('found_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('finding', sa.String(length=10), nullable=False),
    sa.Column('reviewed_by', sa.String(length=80), nullable=False),
    sa.Column('reviewed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('body', sa.LargeBinary(), nullable=False),
    sa.PrimaryKeyConstraint('authority', 'pattern_id'),
    info={'rebuild': 'kept'}
    )
    with op.batch_alter_table('pattern', schema=None) as batch_op:
        batch_op.create_index('pattern_state', ['authority', 'state', 'found_at'], unique=False)
        batch_op.create_index('pattern_subject', ['authority', 'kind', 'subject'], unique=False)

    op.create_table('pattern_record',
    sa.Column('authority', sa.String(length=40), nullable=False),
    sa.Column('pattern_id', sa.String(length=36), nullable=False),
    sa.Column('contact_id', sa.String(length=64), nullable=False),
    sa.Column('person_id', sa.String(length=64), nullable=False),
    sa.Column('later', sa.Boolean(), nullable=False),
    sa.PrimaryKeyConstraint('authority', 'pattern_id', 'contact_id', 'person_id'),
    info={'rebuild': 'kept'}
    )
    with op.batch_alter_table('pattern_record', schema=None) as batch_op:
        batch_op.create_index('pattern_record_contact', ['authority', 'contact_id'], unique=False)

    op.create_table('sector',
    sa.Column('authority', sa.String(length=40), nullable=False),
    sa.Column('kind', sa.String(length=40), nullable=False),
    sa.Column('months', sa.Integer(), nullable=False),
    sa.Column('concerns', sa.Integer(), nullable=False),
    sa.Column('heads', sa.Integer(), nullable=False),
    sa.Column('counted_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('authority', 'kind', 'months')
    )


def downgrade() -> None:
    op.drop_table('sector')
    with op.batch_alter_table('pattern_record', schema=None) as batch_op:
        batch_op.drop_index('pattern_record_contact')

    op.drop_table('pattern_record')
    with op.batch_alter_table('pattern', schema=None) as batch_op:
        batch_op.drop_index('pattern_subject')
        batch_op.drop_index('pattern_state')

    op.drop_table('pattern')
