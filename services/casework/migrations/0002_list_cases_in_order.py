"""List cases in order."""

import sqlalchemy as sa
from alembic import op

revision = 'casework_0002'
down_revision = 'casework_0001'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('case_file', schema=None) as batch_op:
        batch_op.create_index('case_file_opened', ['authority', 'opened_at', 'id'], unique=False)



def downgrade() -> None:
    with op.batch_alter_table('case_file', schema=None) as batch_op:
        batch_op.drop_index('case_file_opened')

