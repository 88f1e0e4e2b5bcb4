"""Make first tables."""

import sqlalchemy as sa
from alembic import op

revision = 'kernel_0001'
down_revision = None
branch_labels = ('kernel',)
depends_on = None


def upgrade() -> None:
    op.create_table('audit_entry',
    sa.Column('authority', sa.String(length=40), nullable=False),
    sa.Column('number', sa.BigInteger(), nullable=False),
    sa.Column('event_id', sa.String(length=36), nullable=False),
    sa.Column('action', sa.String(length=64), nullable=False),
    sa.Column('subject', sa.String(length=120), nullable=False),
    sa.Column('actor', sa.String(length=80), nullable=False),
    sa.Column('correlation_id', sa.String(length=64), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('content', sa.String(length=64), nullable=False),
    sa.Column('digest', sa.String(length=64), nullable=False),
    sa.PrimaryKeyConstraint('authority', 'number')
    )
    with op.batch_alter_table('audit_entry', schema=None) as batch_op:
        batch_op.create_index('audit_subject', ['authority', 'subject'], unique=False)

    op.create_table('audit_head',
    sa.Column('authority', sa.String(length=40), nullable=False),
    sa.Column('number', sa.BigInteger(), nullable=False),
    sa.Column('digest', sa.String(length=64), nullable=False),
    sa.PrimaryKeyConstraint('authority')
    )
    op.create_table('deferred',
    sa.Column('position', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=True, nullable=False),
    sa.Column('event_id', sa.String(length=64), nullable=False),
    sa.Column('topic', sa.String(length=64), nullable=False),
    sa.Column('key', sa.String(length=120), nullable=False),
    sa.Column('sequence', sa.BigInteger(), nullable=False),
    sa.Column('authority', sa.String(length=40), nullable=False),
    sa.Column('type', sa.String(length=64), nullable=False),
    sa.Column('state', sa.String(length=10), nullable=False),
    sa.Column('waits_for', sa.String(length=120), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('attempts', sa.Integer(), nullable=False),
    sa.Column('since', sa.DateTime(timezone=True), nullable=False),
    sa.Column('body', sa.LargeBinary(), nullable=False),
    sa.PrimaryKeyConstraint('position'),
    sa.UniqueConstraint('event_id'),
    info={'tenancy': 'exempt'}
    )
    with op.batch_alter_table('deferred', schema=None) as batch_op:
        batch_op.create_index('deferred_order', ['topic', 'key', 'sequence'], unique=False)
        batch_op.create_index('deferred_state', ['state', 'since'], unique=False)
        batch_op.create_index('deferred_waiting', ['waits_for'], unique=False)

    op.create_table('inbox',
    sa.Column('event_id', sa.String(length=36), nullable=False),
    sa.Column('claimed_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('event_id'),
    info={'tenancy': 'exempt'}
    )
    op.create_table('journal',
    sa.Column('position', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=True, nullable=False),
    sa.Column('event_id', sa.String(length=36), nullable=False),
    sa.Column('type', sa.String(length=64), nullable=False),
    sa.Column('topic', sa.String(length=64), nullable=False),
    sa.Column('key', sa.String(length=120), nullable=False),
    sa.Column('sequence', sa.BigInteger(), nullable=False),
    sa.Column('authority', sa.String(length=40), nullable=False),
    sa.Column('origin', sa.String(length=10), nullable=False),
    sa.Column('recorded_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('body', sa.LargeBinary(), nullable=False),
    sa.PrimaryKeyConstraint('position'),
    sa.UniqueConstraint('event_id'),
    info={'tenancy': 'exempt'}
    )
    with op.batch_alter_table('journal', schema=None) as batch_op:
        batch_op.create_index('journal_order', ['topic', 'key', 'sequence'], unique=True)

    op.create_table('lease',
    sa.Column('name', sa.String(length=40), nullable=False),
    sa.Column('holder', sa.String(length=64), nullable=False),
    sa.Column('token', sa.BigInteger(), nullable=False),
    sa.Column('until', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('name'),
    info={'tenancy': 'exempt'}
    )
    op.create_table('outbox',
    sa.Column('position', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=True, nullable=False),
    sa.Column('event_id', sa.String(length=36), nullable=False),
    sa.Column('since', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('position'),
    info={'tenancy': 'exempt'},
    sqlite_autoincrement=True
    )
    op.create_table('sequence_in',
    sa.Column('topic', sa.String(length=64), nullable=False),
    sa.Column('key', sa.String(length=120), nullable=False),
    sa.Column('last', sa.BigInteger(), nullable=False),
    sa.PrimaryKeyConstraint('topic', 'key'),
    info={'tenancy': 'exempt'}
    )
    op.create_table('sequence_out',
    sa.Column('topic', sa.String(length=64), nullable=False),
    sa.Column('key', sa.String(length=120), nullable=False),
    sa.Column('last', sa.BigInteger(), nullable=False),
    sa.PrimaryKeyConstraint('topic', 'key'),
    info={'tenancy': 'exempt'}
    )
    op.create_table('authority',
    sa.Column('code', sa.String(length=40), nullable=False),
    sa.Column('value', sa.JSON(), nullable=False),
    sa.Column('effective_from', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('code'),
    info={'tenancy': 'exempt'}
    )
    op.create_table('configuration',
    sa.Column('authority', sa.String(length=40), nullable=False),
    sa.Column('kind', sa.String(length=60), nullable=False),
    sa.Column('effective_from', sa.DateTime(timezone=True), nullable=False),
    sa.Column('value', sa.JSON(), nullable=False),
    sa.PrimaryKeyConstraint('authority', 'kind', 'effective_from')
    )
    op.create_table('ended_session',
    sa.Column('user_id', sa.String(length=36), nullable=False),
    sa.Column('session_id', sa.String(length=36), nullable=False),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('user_id', 'session_id'),
    info={'tenancy': 'exempt'}
    )
    op.create_table('known_user',
    sa.Column('user_id', sa.String(length=36), nullable=False),
    sa.Column('authority', sa.String(length=40), nullable=False),
    sa.Column('active', sa.Boolean(), nullable=False),
    sa.Column('roles', sa.JSON(), nullable=False),
    sa.Column('body', sa.LargeBinary(), nullable=False),
    sa.PrimaryKeyConstraint('user_id'),
    info={'tenancy': 'exempt'}
    )
    op.create_table('restriction',
    sa.Column('authority', sa.String(length=40), nullable=False),
    sa.Column('record_id', sa.String(length=36), nullable=False),
    sa.Column('effect', sa.String(length=5), nullable=False),
    sa.Column('user_id', sa.String(length=80), nullable=False),
    sa.PrimaryKeyConstraint('authority', 'record_id', 'effect', 'user_id')
    )
    with op.batch_alter_table('restriction', schema=None) as batch_op:
        batch_op.create_index('restriction_user', ['authority', 'user_id', 'effect'], unique=False)

    op.create_table('file_grant',
    sa.Column('authority', sa.String(length=40), nullable=False),
    sa.Column('file_id', sa.String(length=36), nullable=False),
    sa.Column('owner', sa.String(length=40), nullable=False),
    sa.Column('sha256', sa.String(length=64), nullable=False),
    sa.Column('size', sa.BigInteger(), nullable=False),
    sa.Column('type', sa.String(length=80), nullable=False),
    sa.Column('scan_state', sa.String(length=20), nullable=False),
    sa.Column('granted_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('name', sa.LargeBinary(), nullable=False),
    sa.PrimaryKeyConstraint('authority', 'file_id')
    )
    op.create_table('stored_file',
    sa.Column('authority', sa.String(length=40), nullable=False),
    sa.Column('id', sa.String(length=36), nullable=False),
    sa.Column('address', sa.String(length=64), nullable=False),
    sa.Column('stored_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('removed_at', sa.DateTime(timezone=True), nullable=True),
    sa.PrimaryKeyConstraint('authority', 'id')
    )
    with op.batch_alter_table('stored_file', schema=None) as batch_op:
        batch_op.create_index('stored_file_address', ['authority', 'address'], unique=False)
        batch_op.create_index('stored_file_removed', ['authority', 'removed_at'], unique=False)

    op.create_table('letter',
    sa.Column('authority', sa.String(length=40), nullable=False),
    sa.Column('id', sa.String(length=36), nullable=False),
    sa.Column('about', sa.String(length=120), nullable=False),
    sa.Column('correlation_id', sa.String(length=64), nullable=False),
    sa.Column('state', sa.String(length=10), nullable=False),
    sa.Column('attempts', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('next_try', sa.DateTime(timezone=True), nullable=False),
    sa.Column('leased_until', sa.DateTime(timezone=True), nullable=True),
    sa.Column('sent_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('proof', sa.String(length=300), nullable=False),
    sa.Column('body', sa.LargeBinary(), nullable=False),
    sa.PrimaryKeyConstraint('authority', 'id')
    )
    with op.batch_alter_table('letter', schema=None) as batch_op:
        batch_op.create_index('letter_about', ['authority', 'about'], unique=False)
        batch_op.create_index('letter_due', ['authority', 'state', 'next_try'], unique=False)



def downgrade() -> None:
    with op.batch_alter_table('letter', schema=None) as batch_op:
        batch_op.drop_index('letter_due')
        batch_op.drop_index('letter_about')

    op.drop_table('letter')
    with op.batch_alter_table('stored_file', schema=None) as batch_op:
        batch_op.drop_index('stored_file_removed')
        batch_op.drop_index('stored_file_address')

    op.drop_table('stored_file')
    op.drop_table('file_grant')
    with op.batch_alter_table('restriction', schema=None) as batch_op:
        batch_op.drop_index('restriction_user')

    op.drop_table('restriction')
    op.drop_table('known_user')
    op.drop_table('ended_session')
    op.drop_table('configuration')
    op.drop_table('authority')
    op.drop_table('sequence_out')
    op.drop_table('sequence_in')
    op.drop_table('outbox')
    op.drop_table('lease')
    with op.batch_alter_table('journal', schema=None) as batch_op:
        batch_op.drop_index('journal_order')

    op.drop_table('journal')
    op.drop_table('inbox')
    with op.batch_alter_table('deferred', schema=None) as batch_op:
        batch_op.drop_index('deferred_waiting')
        batch_op.drop_index('deferred_state')
        batch_op.drop_index('deferred_order')

    op.drop_table('deferred')
    op.drop_table('audit_head')
    with op.batch_alter_table('audit_entry', schema=None) as batch_op:
        batch_op.drop_index('audit_subject')

    op.drop_table('audit_entry')
