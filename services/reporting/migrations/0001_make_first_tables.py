"""Make first tables."""

import sqlalchemy as sa
from alembic import op

revision = 'reporting_0001'
down_revision = None
branch_labels = ('reporting',)
depends_on = None


def upgrade() -> None:
    op.create_table('access_actor',
    sa.Column('authority', sa.String(length=40), nullable=False),
    sa.Column('actor_id', sa.String(length=80), nullable=False),
    sa.PrimaryKeyConstraint('authority', 'actor_id')
    )
    op.create_table('access_entry',
    sa.Column('authority', sa.String(length=40), nullable=False),
    sa.Column('id', sa.String(length=36), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('service', sa.String(length=20), nullable=False),
    sa.Column('actor_id', sa.String(length=80), nullable=False),
    sa.Column('act', sa.String(length=20), nullable=False),
    sa.Column('subject_kind', sa.String(length=40), nullable=False),
    sa.Column('subject_id', sa.String(length=80), nullable=False),
    sa.Column('purpose', sa.String(length=60), nullable=False),
    sa.Column('reason', sa.LargeBinary(), nullable=False),
    sa.Column('found', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('authority', 'id')
    )
    with op.batch_alter_table('access_entry', schema=None) as batch_op:
        batch_op.create_index('access_entry_actor', ['authority', 'actor_id', 'at'], unique=False)
        batch_op.create_index('access_entry_at', ['authority', 'at', 'id'], unique=False)

    op.create_table('access_subject',
    sa.Column('authority', sa.String(length=40), nullable=False),
    sa.Column('subject_id', sa.String(length=80), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('entry_id', sa.String(length=36), nullable=False),
    sa.PrimaryKeyConstraint('authority', 'subject_id', 'at', 'entry_id')
    )
    op.create_table('allegation_fact',
    sa.Column('authority', sa.String(length=40), nullable=False),
    sa.Column('id', sa.String(length=36), nullable=False),
    sa.Column('case_id', sa.String(length=36), nullable=False),
    sa.Column('category', sa.String(length=60), nullable=False),
    sa.Column('sector', sa.String(length=60), nullable=False),
    sa.Column('outcome', sa.String(length=60), nullable=False),
    sa.Column('scheme', sa.String(length=60), nullable=False),
    sa.Column('outcome_on', sa.Date(), nullable=True),
    sa.PrimaryKeyConstraint('authority', 'id')
    )
    with op.batch_alter_table('allegation_fact', schema=None) as batch_op:
        batch_op.create_index('allegation_fact_case', ['authority', 'case_id', 'outcome'], unique=False)
        batch_op.create_index('allegation_fact_outcome', ['authority', 'outcome'], unique=False)

    op.create_table('case_fact',
    sa.Column('authority', sa.String(length=40), nullable=False),
    sa.Column('id', sa.String(length=36), nullable=False),
    sa.Column('contact_id', sa.String(length=36), nullable=False),
    sa.Column('reference', sa.String(length=60), nullable=False),
    sa.Column('received_on', sa.Date(), nullable=True),
    sa.Column('opened_on', sa.Date(), nullable=True),
    sa.Column('first_meeting_due', sa.Date(), nullable=True),
    sa.Column('first_meeting_on', sa.Date(), nullable=True),
    sa.Column('concluded_on', sa.Date(), nullable=True),
    sa.Column('closed_on', sa.Date(), nullable=True),
    sa.Column('police', sa.Boolean(), nullable=True),
    sa.Column('serious_harm', sa.Boolean(), nullable=True),
    sa.PrimaryKeyConstraint('authority', 'id')
    )
    with op.batch_alter_table('case_fact', schema=None) as batch_op:
        batch_op.create_index('case_fact_awaited', ['authority', 'first_meeting_on', 'first_meeting_due'], unique=False)
        batch_op.create_index('case_fact_open', ['authority', 'closed_on', 'opened_on'], unique=False)

    op.create_table('contact_fact',
    sa.Column('authority', sa.String(length=40), nullable=False),
    sa.Column('id', sa.String(length=36), nullable=False),
    sa.Column('reference', sa.String(length=60), nullable=False),
    sa.Column('received_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('received_on', sa.Date(), nullable=True),
    sa.Column('respond_by', sa.DateTime(timezone=True), nullable=True),
    sa.Column('answered_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('employer_on_time', sa.Boolean(), nullable=True),
    sa.Column('channel', sa.String(length=60), nullable=False),
    sa.Column('contact_type', sa.String(length=60), nullable=False),
    sa.Column('concern_time', sa.String(length=60), nullable=False),
    sa.Column('agency', sa.String(length=60), nullable=False),
    sa.Column('sector', sa.String(length=60), nullable=False),
    sa.Column('role', sa.String(length=60), nullable=False),
    sa.Column('category', sa.String(length=60), nullable=False),
    sa.Column('criteria', sa.String(length=200), nullable=False),
    sa.Column('decision', sa.String(length=60), nullable=False),
    sa.Column('repeat', sa.String(length=10), nullable=False),
    sa.Column('met_on', sa.Date(), nullable=True),
    sa.Column('case_id', sa.String(length=36), nullable=False),
    sa.Column('case_opened_on', sa.Date(), nullable=True),
    sa.Column('first_meeting_on', sa.Date(), nullable=True),
    sa.Column('closed_on', sa.Date(), nullable=True),
    sa.PrimaryKeyConstraint('authority', 'id')
    )
    with op.batch_alter_table('contact_fact', schema=None) as batch_op:
        batch_op.create_index('contact_fact_received', ['authority', 'received_on', 'id'], unique=False)
        batch_op.create_index('contact_fact_reference', ['authority', 'reference'], unique=False)
        batch_op.create_index('contact_fact_unanswered', ['authority', 'answered_at', 'respond_by'], unique=False)

    op.create_table('heard',
    sa.Column('authority', sa.String(length=40), nullable=False),
    sa.Column('recorded_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('heard_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('count', sa.BigInteger(), nullable=False),
    sa.PrimaryKeyConstraint('authority')
    )
    op.create_table('match_fact',
    sa.Column('authority', sa.String(length=40), nullable=False),
    sa.Column('id', sa.String(length=36), nullable=False),
    sa.Column('contact_id', sa.String(length=36), nullable=False),
    sa.Column('place', sa.String(length=10), nullable=False),
    sa.Column('sure', sa.Boolean(), nullable=False),
    sa.Column('judgement', sa.String(length=20), nullable=False),
    sa.PrimaryKeyConstraint('authority', 'id')
    )
    with op.batch_alter_table('match_fact', schema=None) as batch_op:
        batch_op.create_index('match_fact_contact', ['authority', 'contact_id'], unique=False)

    op.create_table('meeting_fact',
    sa.Column('authority', sa.String(length=40), nullable=False),
    sa.Column('id', sa.String(length=36), nullable=False),
    sa.Column('case_id', sa.String(length=36), nullable=False),
    sa.Column('kind', sa.String(length=60), nullable=False),
    sa.Column('starts_on', sa.Date(), nullable=True),
    sa.Column('held_on', sa.Date(), nullable=True),
    sa.PrimaryKeyConstraint('authority', 'id')
    )
    op.create_table('notice_fact',
    sa.Column('authority', sa.String(length=40), nullable=False),
    sa.Column('id', sa.String(length=36), nullable=False),
    sa.Column('case_id', sa.String(length=36), nullable=False),
    sa.Column('rule', sa.String(length=60), nullable=False),
    sa.Column('basis', sa.String(length=60), nullable=False),
    sa.Column('duty_of', sa.String(length=60), nullable=False),
    sa.Column('standing', sa.String(length=20), nullable=False),
    sa.Column('raised_on', sa.Date(), nullable=True),
    sa.Column('due_on', sa.Date(), nullable=True),
    sa.Column('sent_on', sa.Date(), nullable=True),
    sa.PrimaryKeyConstraint('authority', 'id')
    )
    with op.batch_alter_table('notice_fact', schema=None) as batch_op:
        batch_op.create_index('notice_fact_open', ['authority', 'standing', 'due_on'], unique=False)

    op.create_table('pulse',
    sa.Column('authority', sa.String(length=40), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('authority')
    )
    op.create_table('region_definition',
    sa.Column('holder', sa.String(length=40), nullable=False),
    sa.Column('referral', sa.String(length=30), nullable=False),
    sa.PrimaryKeyConstraint('holder'),
    info={'tenancy': 'exempt'}
    )
    op.create_table('region_tally',
    sa.Column('measure', sa.String(length=30), nullable=False),
    sa.Column('dimension', sa.String(length=20), nullable=False),
    sa.Column('starts', sa.Date(), nullable=False),
    sa.Column('holder', sa.String(length=40), nullable=False),
    sa.Column('code', sa.String(length=60), nullable=False),
    sa.Column('count', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('measure', 'dimension', 'starts', 'holder', 'code'),
    info={'tenancy': 'exempt'}
    )
    op.create_table('tally',
    sa.Column('authority', sa.String(length=40), nullable=False),
    sa.Column('grain', sa.String(length=5), nullable=False),
    sa.Column('measure', sa.String(length=30), nullable=False),
    sa.Column('dimension', sa.String(length=20), nullable=False),
    sa.Column('starts', sa.Date(), nullable=False),
    sa.Column('code', sa.String(length=60), nullable=False),
    sa.Column('count', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('authority', 'grain', 'measure', 'dimension', 'starts', 'code')
    )


def downgrade() -> None:
    op.drop_table('tally')
    op.drop_table('region_tally')
    op.drop_table('region_definition')
    op.drop_table('pulse')
    with op.batch_alter_table('notice_fact', schema=None) as batch_op:
        batch_op.drop_index('notice_fact_open')

    op.drop_table('notice_fact')
    op.drop_table('meeting_fact')
    with op.batch_alter_table('match_fact', schema=None) as batch_op:
        batch_op.drop_index('match_fact_contact')

    op.drop_table('match_fact')
    op.drop_table('heard')
    with op.batch_alter_table('contact_fact', schema=None) as batch_op:
        batch_op.drop_index('contact_fact_unanswered')
        batch_op.drop_index('contact_fact_reference')
        batch_op.drop_index('contact_fact_received')

    op.drop_table('contact_fact')
    with op.batch_alter_table('case_fact', schema=None) as batch_op:
        batch_op.drop_index('case_fact_open')
        batch_op.drop_index('case_fact_awaited')

    op.drop_table('case_fact')
    with op.batch_alter_table('allegation_fact', schema=None) as batch_op:
        batch_op.drop_index('allegation_fact_outcome')
        batch_op.drop_index('allegation_fact_case')

    op.drop_table('allegation_fact')
    op.drop_table('access_subject')
    with op.batch_alter_table('access_entry', schema=None) as batch_op:
        batch_op.drop_index('access_entry_at')
        batch_op.drop_index('access_entry_actor')

    op.drop_table('access_entry')
    op.drop_table('access_actor')
