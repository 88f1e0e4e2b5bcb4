"""Know what look backs rest on."""

import sqlalchemy as sa
from alembic import op

revision = 'notifications_0006'
down_revision = 'notifications_0005'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('lookback_contact',
    sa.Column('authority', sa.String(length=40), nullable=False),
    sa.Column('notice_id', sa.String(length=36), nullable=False),
    sa.Column('contact_id', sa.String(length=64), nullable=False),
    sa.Column('outstanding', sa.Boolean(), nullable=False),
    sa.PrimaryKeyConstraint('authority', 'notice_id', 'contact_id')
    )
    with op.batch_alter_table('lookback_contact', schema=None) as batch_op:
        batch_op.create_index('lookback_contact_of', ['authority', 'contact_id'], unique=False)



def downgrade() -> None:
    with op.batch_alter_table('lookback_contact', schema=None) as batch_op:
        batch_op.drop_index('lookback_contact_of')

    op.drop_table('lookback_contact')
