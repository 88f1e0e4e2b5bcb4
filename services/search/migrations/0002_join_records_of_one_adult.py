"""Join records of one adult."""

import sqlalchemy as sa
from alembic import op

revision = 'search_0002'
down_revision = 'search_0001'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('profile',
    sa.Column('authority', sa.String(length=40), nullable=False),
    sa.Column('profile_id', sa.String(length=36), nullable=False),
    sa.Column('records', sa.Integer(), nullable=False),
    sa.Column('flags', sa.JSON(), nullable=False),
    sa.Column('flagged', sa.Boolean(), nullable=False),
    sa.Column('changed_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('authority', 'profile_id'),
    info={'rebuild': 'kept'}
    )
    with op.batch_alter_table('profile', schema=None) as batch_op:
        batch_op.create_index('profile_listed', ['authority', 'changed_at'], unique=False)

    op.create_table('profile_change',
    sa.Column('authority', sa.String(length=40), nullable=False),
    sa.Column('change_id', sa.String(length=36), nullable=False),
    sa.Column('profile_id', sa.String(length=36), nullable=False),
    sa.Column('contact_id', sa.String(length=64), nullable=False),
    sa.Column('person_id', sa.String(length=64), nullable=False),
    sa.Column('kind', sa.String(length=10), nullable=False),
    sa.Column('match_id', sa.String(length=36), nullable=False),
    sa.Column('by', sa.String(length=80), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('authority', 'change_id'),
    info={'rebuild': 'kept'}
    )
    with op.batch_alter_table('profile_change', schema=None) as batch_op:
        batch_op.create_index('profile_change_of', ['authority', 'profile_id', 'at'], unique=False)
        batch_op.create_index('profile_change_record', ['authority', 'contact_id', 'person_id'], unique=False)

    op.create_table('profile_member',
    sa.Column('authority', sa.String(length=40), nullable=False),
    sa.Column('contact_id', sa.String(length=64), nullable=False),
    sa.Column('person_id', sa.String(length=64), nullable=False),
    sa.Column('profile_id', sa.String(length=36), nullable=False),
    sa.PrimaryKeyConstraint('authority', 'contact_id', 'person_id'),
    info={'rebuild': 'kept'}
    )
    with op.batch_alter_table('profile_member', schema=None) as batch_op:
        batch_op.create_index('profile_member_of', ['authority', 'profile_id'], unique=False)



def downgrade() -> None:
    with op.batch_alter_table('profile_member', schema=None) as batch_op:
        batch_op.drop_index('profile_member_of')

    op.drop_table('profile_member')
    with op.batch_alter_table('profile_change', schema=None) as batch_op:
        batch_op.drop_index('profile_change_record')
        batch_op.drop_index('profile_change_of')

    op.drop_table('profile_change')
    with op.batch_alter_table('profile', schema=None) as batch_op:
        batch_op.drop_index('profile_listed')

    op.drop_table('profile')
