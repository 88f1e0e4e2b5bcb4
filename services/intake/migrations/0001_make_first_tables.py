"""Make first tables."""

import sqlalchemy as sa
from alembic import op

revision = 'intake_0001'
down_revision = None
branch_labels = ('intake',)
depends_on = None


def upgrade() -> None:
    op.create_table('advice',
    sa.Column('authority', sa.String(length=40), nullable=False),
    sa.Column('id', sa.String(length=36), nullable=False),
    sa.Column('contact_id', sa.String(length=36), nullable=False),
    sa.Column('kind', sa.String(length=40), nullable=False),
    sa.Column('method', sa.String(length=12), nullable=False),
    sa.Column('written_by', sa.String(length=80), nullable=False),
    sa.Column('written_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('corrects', sa.String(length=36), nullable=False),
    sa.Column('letter_id', sa.String(length=36), nullable=False),
    sa.Column('delivery', sa.String(length=10), nullable=False),
    sa.Column('sent_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('body', sa.LargeBinary(), nullable=False),
    sa.PrimaryKeyConstraint('authority', 'id')
    )
    with op.batch_alter_table('advice', schema=None) as batch_op:
        batch_op.create_index('advice_contact', ['authority', 'contact_id'], unique=False)

    op.create_table('app_user',
    sa.Column('authority', sa.String(length=40), nullable=False),
    sa.Column('id', sa.String(length=36), nullable=False),
    sa.Column('email_hash', sa.String(length=64), nullable=False),
    sa.Column('roles', sa.JSON(), nullable=False),
    sa.Column('active', sa.Boolean(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('body', sa.LargeBinary(), nullable=False),
    sa.PrimaryKeyConstraint('authority', 'id')
    )
    with op.batch_alter_table('app_user', schema=None) as batch_op:
        batch_op.create_index('app_user_email', ['authority', 'email_hash'], unique=True)

    op.create_table('contact',
    sa.Column('authority', sa.String(length=40), nullable=False),
    sa.Column('id', sa.String(length=36), nullable=False),
    sa.Column('reference', sa.String(length=24), nullable=False),
    sa.Column('token', sa.String(length=80), nullable=True),
    sa.Column('state', sa.String(length=12), nullable=False),
    sa.Column('channel', sa.String(length=12), nullable=False),
    sa.Column('contact_type', sa.String(length=40), nullable=False),
    sa.Column('sector', sa.String(length=40), nullable=False),
    sa.Column('origin', sa.String(length=10), nullable=False),
    sa.Column('owner', sa.String(length=80), nullable=False),
    sa.Column('decision', sa.String(length=24), nullable=True),
    sa.Column('received_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('respond_by', sa.DateTime(timezone=True), nullable=False),
    sa.Column('known_to_employer_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('decided_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('closed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('case_id', sa.String(length=36), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('body', sa.LargeBinary(), nullable=False),
    sa.PrimaryKeyConstraint('authority', 'id')
    )
    with op.batch_alter_table('contact', schema=None) as batch_op:
        batch_op.create_index('contact_clock', ['authority', 'state', 'respond_by'], unique=False)
        batch_op.create_index('contact_owner', ['authority', 'owner', 'respond_by'], unique=False)
        batch_op.create_index('contact_received', ['authority', 'received_at'], unique=False)
        batch_op.create_index('contact_reference', ['authority', 'reference'], unique=True)
        batch_op.create_index('contact_token', ['authority', 'token'], unique=True)

    op.create_table('draft',
    sa.Column('authority', sa.String(length=40), nullable=False),
    sa.Column('id', sa.String(length=36), nullable=False),
    sa.Column('reference', sa.String(length=24), nullable=False),
    sa.Column('state', sa.String(length=8), nullable=False),
    sa.Column('started_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('saved_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('expires_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('contact_id', sa.String(length=36), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('body', sa.LargeBinary(), nullable=False),
    sa.PrimaryKeyConstraint('authority', 'id')
    )
    with op.batch_alter_table('draft', schema=None) as batch_op:
        batch_op.create_index('draft_expiry', ['authority', 'state', 'expires_at'], unique=False)
        batch_op.create_index('draft_reference', ['authority', 'reference'], unique=True)

    op.create_table('prior_concern',
    sa.Column('authority', sa.String(length=40), nullable=False),
    sa.Column('match_id', sa.String(length=80), nullable=False),
    sa.Column('contact_id', sa.String(length=36), nullable=False),
    sa.Column('person_id', sa.String(length=80), nullable=False),
    sa.Column('other_contact_id', sa.String(length=36), nullable=False),
    sa.Column('state', sa.String(length=10), nullable=False),
    sa.Column('found_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('judged_by', sa.String(length=80), nullable=False),
    sa.Column('judged_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('body', sa.LargeBinary(), nullable=False),
    sa.PrimaryKeyConstraint('authority', 'match_id')
    )
    with op.batch_alter_table('prior_concern', schema=None) as batch_op:
        batch_op.create_index('prior_concern_contact', ['authority', 'contact_id', 'state'], unique=False)

    op.create_table('return_code',
    sa.Column('authority', sa.String(length=40), nullable=False),
    sa.Column('draft_id', sa.String(length=36), nullable=False),
    sa.Column('code_hash', sa.String(length=64), nullable=False),
    sa.Column('sent_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('lasting', sa.Boolean(), nullable=False),
    sa.Column('tries', sa.Integer(), nullable=False),
    sa.Column('tried_at', sa.DateTime(timezone=True), nullable=True),
    sa.PrimaryKeyConstraint('authority', 'draft_id')
    )
    op.create_table('session',
    sa.Column('authority', sa.String(length=40), nullable=False),
    sa.Column('id', sa.String(length=36), nullable=False),
    sa.Column('user_id', sa.String(length=36), nullable=False),
    sa.Column('started_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('seen_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('step_up_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.PrimaryKeyConstraint('authority', 'id')
    )
    with op.batch_alter_table('session', schema=None) as batch_op:
        batch_op.create_index('session_age', ['authority', 'started_at'], unique=False)
        batch_op.create_index('session_user', ['authority', 'user_id', 'ended_at'], unique=False)

    op.create_table('threshold_decision',
    sa.Column('authority', sa.String(length=40), nullable=False),
    sa.Column('id', sa.String(length=36), nullable=False),
    sa.Column('contact_id', sa.String(length=36), nullable=False),
    sa.Column('decision', sa.String(length=24), nullable=False),
    sa.Column('criteria', sa.JSON(), nullable=False),
    sa.Column('tier', sa.String(length=40), nullable=False),
    sa.Column('decided_by', sa.String(length=80), nullable=False),
    sa.Column('decided_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('body', sa.LargeBinary(), nullable=False),
    sa.PrimaryKeyConstraint('authority', 'id')
    )
    with op.batch_alter_table('threshold_decision', schema=None) as batch_op:
        batch_op.create_index('threshold_decision_contact', ['authority', 'contact_id'], unique=False)



def downgrade() -> None:
    with op.batch_alter_table('threshold_decision', schema=None) as batch_op:
        batch_op.drop_index('threshold_decision_contact')

    op.drop_table('threshold_decision')
    with op.batch_alter_table('session', schema=None) as batch_op:
        batch_op.drop_index('session_user')
        batch_op.drop_index('session_age')

    op.drop_table('session')
    op.drop_table('return_code')
    with op.batch_alter_table('prior_concern', schema=None) as batch_op:
        batch_op.drop_index('prior_concern_contact')

    op.drop_table('prior_concern')
    with op.batch_alter_table('draft', schema=None) as batch_op:
        batch_op.drop_index('draft_reference')
        batch_op.drop_index('draft_expiry')

    op.drop_table('draft')
    with op.batch_alter_table('contact', schema=None) as batch_op:
        batch_op.drop_index('contact_token')
        batch_op.drop_index('contact_reference')
        batch_op.drop_index('contact_received')
        batch_op.drop_index('contact_owner')
        batch_op.drop_index('contact_clock')

    op.drop_table('contact')
    with op.batch_alter_table('app_user', schema=None) as batch_op:
        batch_op.drop_index('app_user_email')

    op.drop_table('app_user')
    with op.batch_alter_table('advice', schema=None) as batch_op:
        batch_op.drop_index('advice_contact')

    op.drop_table('advice')
