"""Widen the register of settings."""

import sqlalchemy as sa
from alembic import op

revision = 'search_0005'
down_revision = 'search_0004'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('happening',
    sa.Column('authority', sa.String(length=40), nullable=False),
    sa.Column('happening_id', sa.String(length=160), nullable=False),
    sa.Column('kind', sa.String(length=10), nullable=False),
    sa.Column('contact_id', sa.String(length=64), nullable=False),
    sa.Column('person_id', sa.String(length=64), nullable=False),
    sa.Column('case_id', sa.String(length=64), nullable=False),
    sa.Column('code', sa.String(length=60), nullable=False),
    sa.Column('about', sa.String(length=60), nullable=False),
    sa.Column('state', sa.String(length=40), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('authority', 'happening_id')
    )
    with op.batch_alter_table('happening', schema=None) as batch_op:
        batch_op.create_index('happening_contact', ['authority', 'contact_id', 'person_id'], unique=False)

    op.create_table('lookback',
    sa.Column('authority', sa.String(length=40), nullable=False),
    sa.Column('lookback_id', sa.String(length=36), nullable=False),
    sa.Column('setting_id', sa.String(length=36), nullable=False),
    sa.Column('state', sa.String(length=10), nullable=False),
    sa.Column('since', sa.DateTime(timezone=True), nullable=False),
    sa.Column('until', sa.DateTime(timezone=True), nullable=False),
    sa.Column('opened_by', sa.String(length=80), nullable=False),
    sa.Column('opened_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('signed_by', sa.String(length=80), nullable=False),
    sa.Column('signed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('body', sa.LargeBinary(), nullable=False),
    sa.PrimaryKeyConstraint('authority', 'lookback_id'),
    info={'rebuild': 'kept'}
    )
    with op.batch_alter_table('lookback', schema=None) as batch_op:
        batch_op.create_index('lookback_setting', ['authority', 'setting_id'], unique=False)
        batch_op.create_index('lookback_state', ['authority', 'state', 'opened_at'], unique=False)

    op.create_table('lookback_mark',
    sa.Column('authority', sa.String(length=40), nullable=False),
    sa.Column('lookback_id', sa.String(length=36), nullable=False),
    sa.Column('happening_id', sa.String(length=160), nullable=False),
    sa.Column('contact_id', sa.String(length=64), nullable=False),
    sa.Column('actioned', sa.Boolean(), nullable=False),
    sa.Column('code', sa.String(length=60), nullable=False),
    sa.Column('state', sa.String(length=40), nullable=False),
    sa.Column('marked_by', sa.String(length=80), nullable=False),
    sa.Column('marked_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('times', sa.Integer(), nullable=False),
    sa.Column('body', sa.LargeBinary(), nullable=False),
    sa.PrimaryKeyConstraint('authority', 'lookback_id', 'happening_id'),
    info={'rebuild': 'kept'}
    )
    with op.batch_alter_table('lookback_mark', schema=None) as batch_op:
        batch_op.create_index('lookback_mark_contact', ['authority', 'contact_id'], unique=False)

    op.create_table('placing',
    sa.Column('authority', sa.String(length=40), nullable=False),
    sa.Column('contact_id', sa.String(length=64), nullable=False),
    sa.Column('body', sa.LargeBinary(), nullable=False),
    sa.PrimaryKeyConstraint('authority', 'contact_id')
    )
    op.create_table('provider',
    sa.Column('authority', sa.String(length=40), nullable=False),
    sa.Column('provider_id', sa.String(length=36), nullable=False),
    sa.Column('body', sa.LargeBinary(), nullable=False),
    sa.PrimaryKeyConstraint('authority', 'provider_id'),
    info={'rebuild': 'known'}
    )
    op.create_table('register_chunk',
    sa.Column('authority', sa.String(length=40), nullable=False),
    sa.Column('load_id', sa.String(length=36), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('body', sa.LargeBinary(), nullable=False),
    sa.PrimaryKeyConstraint('authority', 'load_id', 'number'),
    info={'rebuild': 'kept'}
    )
    op.create_table('register_load',
    sa.Column('authority', sa.String(length=40), nullable=False),
    sa.Column('load_id', sa.String(length=36), nullable=False),
    sa.Column('state', sa.String(length=10), nullable=False),
    sa.Column('started_by', sa.String(length=80), nullable=False),
    sa.Column('started_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('rows', sa.Integer(), nullable=False),
    sa.Column('done', sa.Integer(), nullable=False),
    sa.Column('added', sa.Integer(), nullable=False),
    sa.Column('changed', sa.Integer(), nullable=False),
    sa.Column('same', sa.Integer(), nullable=False),
    sa.Column('joined', sa.Integer(), nullable=False),
    sa.Column('refused', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('authority', 'load_id'),
    info={'rebuild': 'kept'}
    )
    with op.batch_alter_table('register_load', schema=None) as batch_op:
        batch_op.create_index('register_load_started', ['authority', 'started_at'], unique=False)
        batch_op.create_index('register_load_state', ['authority', 'state', 'started_at'], unique=False)

    op.create_table('register_problem',
    sa.Column('authority', sa.String(length=40), nullable=False),
    sa.Column('load_id', sa.String(length=36), nullable=False),
    sa.Column('row', sa.Integer(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('column_name', sa.String(length=200), nullable=False),
    sa.Column('words', sa.String(length=300), nullable=False),
    sa.PrimaryKeyConstraint('authority', 'load_id', 'row', 'position'),
    info={'rebuild': 'kept'}
    )
    op.create_table('setting_word',
    sa.Column('authority', sa.String(length=40), nullable=False),
    sa.Column('k', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('setting_id', sa.String(length=36), nullable=False),
    sa.PrimaryKeyConstraint('authority', 'k', 'setting_id'),
    info={'rebuild': 'known'}
    )
    with op.batch_alter_table('setting_word', schema=None) as batch_op:
        batch_op.create_index('setting_word_setting', ['authority', 'setting_id'], unique=False)

    op.create_table('succession',
    sa.Column('authority', sa.String(length=40), nullable=False),
    sa.Column('k', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('setting_id', sa.String(length=36), nullable=False),
    sa.PrimaryKeyConstraint('authority', 'k', 'setting_id'),
    info={'rebuild': 'known'}
    )
    with op.batch_alter_table('succession', schema=None) as batch_op:
        batch_op.create_index('succession_setting', ['authority', 'setting_id'], unique=False)

    with op.batch_alter_table('setting', schema=None) as batch_op:
        batch_op.add_column(sa.Column('mark', sa.String(length=64), server_default='', nullable=False))
        batch_op.add_column(sa.Column('provider_id', sa.String(length=36), server_default='', nullable=False))
        batch_op.add_column(sa.Column('head_count', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('opened_on', sa.Date(), nullable=True))
        batch_op.add_column(sa.Column('closed_on', sa.Date(), nullable=True))
        batch_op.add_column(sa.Column('joined_to', sa.String(length=36), server_default='', nullable=False))
        batch_op.alter_column('named_at',
               existing_type=sa.DateTime(timezone=True),
               nullable=True)
        batch_op.create_index('setting_provider', ['authority', 'provider_id'], unique=False)

    with op.batch_alter_table('setting_key', schema=None) as batch_op:
        batch_op.add_column(sa.Column('scheme', sa.String(length=20), server_default='', nullable=False))
        batch_op.create_index('setting_key_setting', ['authority', 'setting_id'], unique=False)



def downgrade() -> None:
    with op.batch_alter_table('setting_key', schema=None) as batch_op:
        batch_op.drop_index('setting_key_setting')
        batch_op.drop_column('scheme')

    with op.batch_alter_table('setting', schema=None) as batch_op:
        batch_op.drop_index('setting_provider')
    # Older code needs a day for each: one that nobody was named at was last named when it was listed.
    op.execute("UPDATE setting SET named_at = listed_at WHERE named_at IS NULL")
    with op.batch_alter_table('setting', schema=None) as batch_op:
        batch_op.alter_column('named_at',
               existing_type=sa.DateTime(timezone=True),
               nullable=False)
        batch_op.drop_column('joined_to')
        batch_op.drop_column('closed_on')
        batch_op.drop_column('opened_on')
        batch_op.drop_column('head_count')
        batch_op.drop_column('provider_id')
        batch_op.drop_column('mark')

    with op.batch_alter_table('succession', schema=None) as batch_op:
        batch_op.drop_index('succession_setting')

    op.drop_table('succession')
    with op.batch_alter_table('setting_word', schema=None) as batch_op:
        batch_op.drop_index('setting_word_setting')

    op.drop_table('setting_word')
    op.drop_table('register_problem')
    with op.batch_alter_table('register_load', schema=None) as batch_op:
        batch_op.drop_index('register_load_state')
        batch_op.drop_index('register_load_started')

    op.drop_table('register_load')
    op.drop_table('register_chunk')
    op.drop_table('provider')
    op.drop_table('placing')
    with op.batch_alter_table('lookback_mark', schema=None) as batch_op:
        batch_op.drop_index('lookback_mark_contact')

    op.drop_table('lookback_mark')
    with op.batch_alter_table('lookback', schema=None) as batch_op:
        batch_op.drop_index('lookback_state')
        batch_op.drop_index('lookback_setting')

    op.drop_table('lookback')
    with op.batch_alter_table('happening', schema=None) as batch_op:
        batch_op.drop_index('happening_contact')

    op.drop_table('happening')
