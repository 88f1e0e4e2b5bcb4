"""Find meetings and notices of a case."""

import sqlalchemy as sa
from alembic import op

revision = 'reporting_0003'
down_revision = 'reporting_0002'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('meeting_fact', schema=None) as batch_op:
        batch_op.create_index('meeting_fact_case', ['authority', 'case_id'], unique=False)

    with op.batch_alter_table('notice_fact', schema=None) as batch_op:
        batch_op.create_index('notice_fact_case', ['authority', 'case_id'], unique=False)



def downgrade() -> None:
    with op.batch_alter_table('notice_fact', schema=None) as batch_op:
        batch_op.drop_index('notice_fact_case')

    with op.batch_alter_table('meeting_fact', schema=None) as batch_op:
        batch_op.drop_index('meeting_fact_case')

