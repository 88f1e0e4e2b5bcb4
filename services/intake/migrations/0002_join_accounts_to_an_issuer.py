"""Join accounts to an issuer."""

import sqlalchemy as sa
from alembic import op

revision = 'intake_0002'
down_revision = 'intake_0001'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('app_user', schema=None) as batch_op:
        batch_op.add_column(sa.Column('subject_hash', sa.String(length=64), nullable=True))
        batch_op.create_index('app_user_subject', ['authority', 'subject_hash'], unique=True)

    with op.batch_alter_table('session', schema=None) as batch_op:
        batch_op.add_column(sa.Column('provider_session_hash', sa.String(length=64), nullable=True))
        batch_op.add_column(sa.Column('body', sa.LargeBinary(), nullable=True))



def downgrade() -> None:
    with op.batch_alter_table('session', schema=None) as batch_op:
        batch_op.drop_column('body')
        batch_op.drop_column('provider_session_hash')

    with op.batch_alter_table('app_user', schema=None) as batch_op:
        batch_op.drop_index('app_user_subject')
        batch_op.drop_column('subject_hash')

