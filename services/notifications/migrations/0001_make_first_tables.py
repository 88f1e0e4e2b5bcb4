"""Make first tables."""

import sqlalchemy as sa
from alembic import op

revision = 'notifications_0001'
down_revision = None
branch_labels = ('notifications',)
depends_on = None


def upgrade() -> None:
    op.create_table('case_known',
    sa.Column('authority', sa.String(length=40), nullable=False),
    sa.Column('case_id', sa.String(length=36), nullable=False),
    sa.Column('contact_id', sa.String(length=36), nullable=False),
    sa.Column('body', sa.LargeBinary(), nullable=False),
    sa.PrimaryKeyConstraint('authority', 'case_id')
    )
    with op.batch_alter_table('case_known', schema=None) as batch_op:
        batch_op.create_index('case_known_contact', ['authority', 'contact_id'], unique=False)

    op.create_table('contact_known',
    sa.Column('authority', sa.String(length=40), nullable=False),
    sa.Column('contact_id', sa.String(length=36), nullable=False),
    sa.Column('body', sa.LargeBinary(), nullable=False),
    sa.PrimaryKeyConstraint('authority', 'contact_id')
    )
    op.create_table('notice',
    sa.Column('authority', sa.String(length=40), nullable=False),
    sa.Column('id', sa.String(length=36), nullable=False),
    sa.Column('case_id', sa.String(length=36), nullable=False),
    sa.Column('contact_id', sa.String(length=36), nullable=False),
    sa.Column('reference', sa.String(length=40), nullable=False),
    sa.Column('rule', sa.String(length=20), nullable=False),
    sa.Column('basis', sa.String(length=10), nullable=False),
    sa.Column('duty_of', sa.String(length=40), nullable=False),
    sa.Column('recipient', sa.String(length=40), nullable=False),
    sa.Column('adult_id', sa.String(length=36), nullable=False),
    sa.Column('state', sa.String(length=14), nullable=False),
    sa.Column('standing', sa.String(length=12), nullable=False),
    sa.Column('fires', sa.Boolean(), nullable=False),
    sa.Column('due_on', sa.Date(), nullable=True),
    sa.Column('act_on', sa.Date(), nullable=False),
    sa.Column('late_after', sa.Date(), nullable=False),
    sa.Column('raised_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('aware_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('letter_id', sa.String(length=36), nullable=False),
    sa.Column('advised_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('sent_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('method', sa.String(length=10), nullable=True),
    sa.Column('acknowledged_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('overdue_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('uncertain_since', sa.DateTime(timezone=True), nullable=True),
    sa.Column('decline_asked_by', sa.String(length=80), nullable=False),
    sa.Column('declined_by', sa.String(length=80), nullable=False),
    sa.Column('declined_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('body', sa.LargeBinary(), nullable=False),
    sa.PrimaryKeyConstraint('authority', 'id')
    )
    with op.batch_alter_table('notice', schema=None) as batch_op:
        batch_op.create_index('notice_act', ['authority', 'state', 'act_on'], unique=False)
        batch_op.create_index('notice_case', ['authority', 'case_id'], unique=False)
        batch_op.create_index('notice_contact', ['authority', 'contact_id'], unique=False)
        batch_op.create_index('notice_late', ['authority', 'state', 'late_after'], unique=False)
        batch_op.create_index('notice_letter', ['authority', 'letter_id'], unique=False)
        batch_op.create_index('notice_raised', ['authority', 'raised_at'], unique=False)

    op.create_table('recipient',
    sa.Column('authority', sa.String(length=40), nullable=False),
    sa.Column('kind', sa.String(length=40), nullable=False),
    sa.Column('confirmed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('body', sa.LargeBinary(), nullable=False),
    sa.PrimaryKeyConstraint('authority', 'kind')
    )


def downgrade() -> None:
    op.drop_table('recipient')
    with op.batch_alter_table('notice', schema=None) as batch_op:
        batch_op.drop_index('notice_raised')
        batch_op.drop_index('notice_letter')
        batch_op.drop_index('notice_late')
        batch_op.drop_index('notice_contact')
        batch_op.drop_index('notice_case')
        batch_op.drop_index('notice_act')

    op.drop_table('notice')
    op.drop_table('contact_known')
    with op.batch_alter_table('case_known', schema=None) as batch_op:
        batch_op.drop_index('case_known_contact')

    op.drop_table('case_known')
