"""Make first tables."""

import sqlalchemy as sa
from alembic import op

revision = 'casework_0001'
down_revision = None
branch_labels = ('casework',)
depends_on = None


def upgrade() -> None:
    op.create_table('allegation',
    sa.Column('authority', sa.String(length=40), nullable=False),
    sa.Column('case_id', sa.String(length=36), nullable=False),
    sa.Column('id', sa.String(length=64), nullable=False),
    sa.Column('adult_id', sa.String(length=64), nullable=False),
    sa.Column('category', sa.String(length=60), nullable=False),
    sa.Column('outcome', sa.String(length=20), nullable=True),
    sa.Column('scheme', sa.String(length=40), nullable=True),
    sa.Column('recorded_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('recorded_by', sa.String(length=80), nullable=True),
    sa.Column('body', sa.LargeBinary(), nullable=False),
    sa.PrimaryKeyConstraint('authority', 'case_id', 'id')
    )
    op.create_table('case_file',
    sa.Column('authority', sa.String(length=40), nullable=False),
    sa.Column('id', sa.String(length=64), nullable=False),
    sa.Column('contact_id', sa.String(length=36), nullable=False),
    sa.Column('reference', sa.String(length=40), nullable=False),
    sa.Column('stage', sa.String(length=20), nullable=False),
    sa.Column('owner', sa.String(length=80), nullable=False),
    sa.Column('live', sa.Boolean(), nullable=False),
    sa.Column('opened_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('first_meeting_due', sa.Date(), nullable=False),
    sa.Column('provider_aware_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('serious_harm', sa.Boolean(), nullable=True),
    sa.Column('police_involved', sa.Boolean(), nullable=True),
    sa.Column('outcome_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('closed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('touched_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('body', sa.LargeBinary(), nullable=False),
    sa.PrimaryKeyConstraint('authority', 'id'),
    sa.UniqueConstraint('authority', 'contact_id', name='case_once_per_contact')
    )
    with op.batch_alter_table('case_file', schema=None) as batch_op:
        batch_op.create_index('case_file_listed', ['authority', 'stage', 'opened_at'], unique=False)
        batch_op.create_index('case_file_owner', ['authority', 'owner', 'stage'], unique=False)
        batch_op.create_index('case_file_reference', ['authority', 'reference'], unique=False)
        batch_op.create_index('case_file_touched', ['authority', 'stage', 'touched_at'], unique=False)

    op.create_table('clock',
    sa.Column('authority', sa.String(length=40), nullable=False),
    sa.Column('id', sa.String(length=64), nullable=False),
    sa.Column('case_id', sa.String(length=36), nullable=False),
    sa.Column('rule_id', sa.String(length=60), nullable=False),
    sa.Column('rule', sa.JSON(), nullable=False),
    sa.Column('amount', sa.Integer(), nullable=False),
    sa.Column('period', sa.Integer(), nullable=False),
    sa.Column('started_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('due_on', sa.Date(), nullable=False),
    sa.Column('overdue_after', sa.DateTime(timezone=True), nullable=False),
    sa.Column('paused', sa.Boolean(), nullable=False),
    sa.Column('pauses', sa.JSON(), nullable=False),
    sa.Column('stopped_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('called_off', sa.Boolean(), nullable=False),
    sa.Column('marked_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('live', sa.Boolean(), nullable=False),
    sa.PrimaryKeyConstraint('authority', 'id')
    )
    with op.batch_alter_table('clock', schema=None) as batch_op:
        batch_op.create_index('clock_of_case', ['authority', 'case_id'], unique=False)
        batch_op.create_index('clock_running', ['authority', 'stopped_at', 'overdue_after'], unique=False)

    op.create_table('duty',
    sa.Column('authority', sa.String(length=40), nullable=False),
    sa.Column('id', sa.String(length=64), nullable=False),
    sa.Column('case_id', sa.String(length=36), nullable=False),
    sa.Column('rule', sa.String(length=12), nullable=False),
    sa.Column('basis', sa.String(length=12), nullable=False),
    sa.Column('duty_of', sa.String(length=40), nullable=False),
    sa.Column('recipient', sa.String(length=60), nullable=False),
    sa.Column('adult_id', sa.String(length=64), nullable=False),
    sa.Column('due_on', sa.Date(), nullable=True),
    sa.Column('state', sa.String(length=14), nullable=False),
    sa.Column('state_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('authority', 'id')
    )
    with op.batch_alter_table('duty', schema=None) as batch_op:
        batch_op.create_index('duty_listed', ['authority', 'state', 'due_on'], unique=False)
        batch_op.create_index('duty_of_case', ['authority', 'case_id'], unique=False)

    op.create_table('entry',
    sa.Column('authority', sa.String(length=40), nullable=False),
    sa.Column('id', sa.String(length=64), nullable=False),
    sa.Column('case_id', sa.String(length=36), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('source', sa.String(length=12), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('recorded_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('actor', sa.String(length=80), nullable=False),
    sa.Column('corrects', sa.String(length=36), nullable=False),
    sa.Column('body', sa.LargeBinary(), nullable=False),
    sa.PrimaryKeyConstraint('authority', 'id')
    )
    with op.batch_alter_table('entry', schema=None) as batch_op:
        batch_op.create_index('entry_of_case', ['authority', 'case_id', 'at', 'number'], unique=False)

    op.create_table('known_contact',
    sa.Column('authority', sa.String(length=40), nullable=False),
    sa.Column('contact_id', sa.String(length=64), nullable=False),
    sa.Column('received_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('only', sa.JSON(), nullable=False),
    sa.Column('never', sa.JSON(), nullable=False),
    sa.Column('body', sa.LargeBinary(), nullable=False),
    sa.PrimaryKeyConstraint('authority', 'contact_id')
    )
    op.create_table('meeting',
    sa.Column('authority', sa.String(length=40), nullable=False),
    sa.Column('id', sa.String(length=64), nullable=False),
    sa.Column('case_id', sa.String(length=36), nullable=False),
    sa.Column('kind', sa.String(length=20), nullable=False),
    sa.Column('starts_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('held_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('cancelled_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('body', sa.LargeBinary(), nullable=False),
    sa.PrimaryKeyConstraint('authority', 'id')
    )
    with op.batch_alter_table('meeting', schema=None) as batch_op:
        batch_op.create_index('meeting_of_case', ['authority', 'case_id'], unique=False)
        batch_op.create_index('meeting_to_come', ['authority', 'held_at', 'starts_at'], unique=False)

    op.create_table('prior',
    sa.Column('authority', sa.String(length=40), nullable=False),
    sa.Column('id', sa.String(length=64), nullable=False),
    sa.Column('contact_id', sa.String(length=36), nullable=False),
    sa.Column('state', sa.String(length=12), nullable=False),
    sa.Column('found_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('body', sa.LargeBinary(), nullable=False),
    sa.PrimaryKeyConstraint('authority', 'id')
    )
    with op.batch_alter_table('prior', schema=None) as batch_op:
        batch_op.create_index('prior_of_contact', ['authority', 'contact_id'], unique=False)

    op.create_table('safeguard',
    sa.Column('authority', sa.String(length=40), nullable=False),
    sa.Column('id', sa.String(length=64), nullable=False),
    sa.Column('case_id', sa.String(length=36), nullable=False),
    sa.Column('adult_id', sa.String(length=64), nullable=False),
    sa.Column('code', sa.String(length=30), nullable=False),
    sa.Column('step', sa.String(length=12), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('body', sa.LargeBinary(), nullable=False),
    sa.PrimaryKeyConstraint('authority', 'id')
    )
    with op.batch_alter_table('safeguard', schema=None) as batch_op:
        batch_op.create_index('safeguard_of_case', ['authority', 'case_id', 'at'], unique=False)

    op.create_table('subject',
    sa.Column('authority', sa.String(length=40), nullable=False),
    sa.Column('case_id', sa.String(length=36), nullable=False),
    sa.Column('id', sa.String(length=64), nullable=False),
    sa.Column('regulated_activity', sa.Boolean(), nullable=True),
    sa.Column('removed', sa.Boolean(), nullable=True),
    sa.Column('removed_on', sa.Date(), nullable=True),
    sa.Column('harm_test', sa.Boolean(), nullable=True),
    sa.Column('told_on', sa.Date(), nullable=True),
    sa.Column('body', sa.LargeBinary(), nullable=False),
    sa.PrimaryKeyConstraint('authority', 'case_id', 'id')
    )


def downgrade() -> None:
    op.drop_table('subject')
    with op.batch_alter_table('safeguard', schema=None) as batch_op:
        batch_op.drop_index('safeguard_of_case')

    op.drop_table('safeguard')
    with op.batch_alter_table('prior', schema=None) as batch_op:
        batch_op.drop_index('prior_of_contact')

    op.drop_table('prior')
    with op.batch_alter_table('meeting', schema=None) as batch_op:
        batch_op.drop_index('meeting_to_come')
        batch_op.drop_index('meeting_of_case')

    op.drop_table('meeting')
    op.drop_table('known_contact')
    with op.batch_alter_table('entry', schema=None) as batch_op:
        batch_op.drop_index('entry_of_case')

    op.drop_table('entry')
    with op.batch_alter_table('duty', schema=None) as batch_op:
        batch_op.drop_index('duty_of_case')
        batch_op.drop_index('duty_listed')

    op.drop_table('duty')
    with op.batch_alter_table('clock', schema=None) as batch_op:
        batch_op.drop_index('clock_running')
        batch_op.drop_index('clock_of_case')

    op.drop_table('clock')
    with op.batch_alter_table('case_file', schema=None) as batch_op:
        batch_op.drop_index('case_file_touched')
        batch_op.drop_index('case_file_reference')
        batch_op.drop_index('case_file_owner')
        batch_op.drop_index('case_file_listed')

    op.drop_table('case_file')
    op.drop_table('allegation')
