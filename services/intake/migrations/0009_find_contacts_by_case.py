"""Find contacts by case."""

import sqlalchemy as sa
from alembic import op

revision = 'intake_0009'
down_revision = 'intake_0008'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('contact', schema=None) as batch_op:
        batch_op.create_index('contact_case', ['authority', 'case_id'], unique=False)



def downgrade() -> None:
    with op.batch_alter_table('contact', schema=None) as batch_op:
        batch_op.drop_index('contact_case')

