"""Make first tables."""

import sqlalchemy as sa
from alembic import op

revision = 'search_0001'
down_revision = None
branch_labels = ('search',)
depends_on = None


def upgrade() -> None:
    op.create_table('case_of',
    sa.Column('authority', sa.String(length=40), nullable=False),
    sa.Column('case_id', sa.String(length=36), nullable=False),
    sa.Column('contact_id', sa.String(length=64), nullable=False),
    sa.PrimaryKeyConstraint('authority', 'case_id')
    )
    with op.batch_alter_table('case_of', schema=None) as batch_op:
        batch_op.create_index('case_of_contact', ['authority', 'contact_id'], unique=False)

    op.create_table('employment',
    sa.Column('authority', sa.String(length=40), nullable=False),
    sa.Column('setting_id', sa.String(length=36), nullable=False),
    sa.Column('contact_id', sa.String(length=64), nullable=False),
    sa.Column('person_id', sa.String(length=64), nullable=False),
    sa.Column('role', sa.String(length=40), nullable=False),
    sa.Column('seen_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('authority', 'setting_id', 'contact_id', 'person_id')
    )
    with op.batch_alter_table('employment', schema=None) as batch_op:
        batch_op.create_index('employment_contact', ['authority', 'contact_id', 'person_id'], unique=False)
        batch_op.create_index('employment_seen', ['authority', 'setting_id', 'seen_at'], unique=False)

    op.create_table('index_name',
    sa.Column('name', sa.String(length=80), nullable=False),
    sa.PrimaryKeyConstraint('name'),
    info={'tenancy': 'exempt'}
    )
    op.create_table('key_count',
    sa.Column('k', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('mentions', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('k'),
    info={'tenancy': 'exempt'},
    sqlite_with_rowid=False
    )
    op.create_table('match',
    sa.Column('authority', sa.String(length=40), nullable=False),
    sa.Column('match_id', sa.String(length=36), nullable=False),
    sa.Column('contact_id', sa.String(length=64), nullable=False),
    sa.Column('person_id', sa.String(length=64), nullable=False),
    sa.Column('other_contact_id', sa.String(length=64), nullable=False),
    sa.Column('other_person_id', sa.String(length=64), nullable=False),
    sa.Column('holder', sa.String(length=40), nullable=False),
    sa.Column('reference', sa.String(length=36), nullable=False),
    sa.Column('band', sa.String(length=10), nullable=False),
    sa.Column('state', sa.String(length=10), nullable=False),
    sa.Column('data_mark', sa.String(length=64), nullable=False),
    sa.Column('found_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('judged_by', sa.String(length=80), nullable=False),
    sa.Column('judged_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('body', sa.LargeBinary(), nullable=False),
    sa.PrimaryKeyConstraint('authority', 'match_id'),
    info={'rebuild': 'kept'}
    )
    with op.batch_alter_table('match', schema=None) as batch_op:
        batch_op.create_index('match_contact', ['authority', 'contact_id', 'person_id'], unique=False)
        batch_op.create_index('match_other', ['authority', 'other_contact_id'], unique=False)
        batch_op.create_index('match_state', ['authority', 'state', 'found_at'], unique=False)

    op.create_table('match_key',
    sa.Column('k', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('number', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.PrimaryKeyConstraint('k', 'number'),
    info={'tenancy': 'exempt'},
    sqlite_with_rowid=False
    )
    op.create_table('mention',
    sa.Column('number', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=True, nullable=False),
    sa.Column('authority', sa.String(length=40), nullable=False),
    sa.Column('contact_id', sa.String(length=64), nullable=False),
    sa.Column('person_id', sa.String(length=64), nullable=False),
    sa.Column('corrected', sa.Boolean(), nullable=False),
    sa.Column('seen_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('body', sa.LargeBinary(), nullable=False),
    sa.PrimaryKeyConstraint('number'),
    sa.UniqueConstraint('authority', 'contact_id', 'person_id', name='mention_once')
    )
    with op.batch_alter_table('mention', schema=None) as batch_op:
        batch_op.create_index('mention_seen', ['authority', 'seen_at'], unique=False)

    op.create_table('portrait',
    sa.Column('number', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('authority', sa.String(length=40), nullable=False),
    sa.Column('contact_id', sa.String(length=64), nullable=False),
    sa.Column('person_id', sa.String(length=64), nullable=False),
    sa.Column('active_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('closed', sa.Boolean(), nullable=False),
    sa.Column('body', sa.LargeBinary(), nullable=False),
    sa.PrimaryKeyConstraint('number'),
    info={'tenancy': 'exempt'}
    )
    with op.batch_alter_table('portrait', schema=None) as batch_op:
        batch_op.create_index('portrait_contact', ['authority', 'contact_id'], unique=False)

    op.create_table('reference',
    sa.Column('authority', sa.String(length=40), nullable=False),
    sa.Column('reference', sa.String(length=60), nullable=False),
    sa.Column('contact_id', sa.String(length=64), nullable=False),
    sa.PrimaryKeyConstraint('authority', 'reference')
    )
    with op.batch_alter_table('reference', schema=None) as batch_op:
        batch_op.create_index('reference_contact', ['authority', 'contact_id'], unique=False)

    op.create_table('search',
    sa.Column('authority', sa.String(length=40), nullable=False),
    sa.Column('search_id', sa.String(length=36), nullable=False),
    sa.Column('actor_id', sa.String(length=80), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('reach', sa.String(length=10), nullable=False),
    sa.Column('purpose', sa.String(length=40), nullable=False),
    sa.Column('contact_id', sa.String(length=64), nullable=False),
    sa.Column('prints', sa.JSON(), nullable=False),
    sa.Column('flags', sa.JSON(), nullable=False),
    sa.Column('flagged', sa.Boolean(), nullable=False),
    sa.Column('body', sa.LargeBinary(), nullable=False),
    sa.PrimaryKeyConstraint('authority', 'search_id'),
    info={'rebuild': 'kept'}
    )
    with op.batch_alter_table('search', schema=None) as batch_op:
        batch_op.create_index('search_actor', ['authority', 'actor_id', 'at'], unique=False)
        batch_op.create_index('search_at', ['authority', 'at'], unique=False)

    op.create_table('setting',
    sa.Column('authority', sa.String(length=40), nullable=False),
    sa.Column('setting_id', sa.String(length=36), nullable=False),
    sa.Column('kind', sa.String(length=40), nullable=False),
    sa.Column('listed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('named_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('concerns', sa.Integer(), nullable=False),
    sa.Column('body', sa.LargeBinary(), nullable=False),
    sa.PrimaryKeyConstraint('authority', 'setting_id')
    )
    with op.batch_alter_table('setting', schema=None) as batch_op:
        batch_op.create_index('setting_named', ['authority', 'named_at'], unique=False)

    op.create_table('setting_key',
    sa.Column('authority', sa.String(length=40), nullable=False),
    sa.Column('k', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('setting_id', sa.String(length=36), nullable=False),
    sa.PrimaryKeyConstraint('authority', 'k')
    )
    op.create_table('shown_pointer',
    sa.Column('authority', sa.String(length=40), nullable=False),
    sa.Column('reference', sa.String(length=36), nullable=False),
    sa.Column('contact_id', sa.String(length=64), nullable=False),
    sa.Column('person_id', sa.String(length=64), nullable=False),
    sa.Column('asker', sa.String(length=40), nullable=False),
    sa.Column('purpose', sa.String(length=40), nullable=False),
    sa.Column('first_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('last_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('authority', 'reference'),
    info={'rebuild': 'kept'}
    )
    with op.batch_alter_table('shown_pointer', schema=None) as batch_op:
        batch_op.create_index('shown_pointer_contact', ['authority', 'contact_id'], unique=False)
        batch_op.create_index('shown_pointer_listed', ['authority', 'last_at'], unique=False)

    op.create_table('term',
    sa.Column('term', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('mentions', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('term'),
    info={'tenancy': 'exempt'},
    sqlite_with_rowid=False
    )
    op.create_table('unsent',
    sa.Column('number', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('stamp', sa.BigInteger(), nullable=False),
    sa.Column('keys', sa.LargeBinary(), nullable=True),
    sa.PrimaryKeyConstraint('number'),
    info={'tenancy': 'exempt'}
    )
    with op.batch_alter_table('unsent', schema=None) as batch_op:
        batch_op.create_index('unsent_order', ['stamp', 'number'], unique=False)



def downgrade() -> None:
    with op.batch_alter_table('unsent', schema=None) as batch_op:
        batch_op.drop_index('unsent_order')

    op.drop_table('unsent')
    op.drop_table('term')
    with op.batch_alter_table('shown_pointer', schema=None) as batch_op:
        batch_op.drop_index('shown_pointer_listed')
        batch_op.drop_index('shown_pointer_contact')

    op.drop_table('shown_pointer')
    op.drop_table('setting_key')
    with op.batch_alter_table('setting', schema=None) as batch_op:
        batch_op.drop_index('setting_named')

    op.drop_table('setting')
    with op.batch_alter_table('search', schema=None) as batch_op:
        batch_op.drop_index('search_at')
        batch_op.drop_index('search_actor')

    op.drop_table('search')
    with op.batch_alter_table('reference', schema=None) as batch_op:
        batch_op.drop_index('reference_contact')

    op.drop_table('reference')
    with op.batch_alter_table('portrait', schema=None) as batch_op:
        batch_op.drop_index('portrait_contact')

    op.drop_table('portrait')
    with op.batch_alter_table('mention', schema=None) as batch_op:
        batch_op.drop_index('mention_seen')

    op.drop_table('mention')
    op.drop_table('match_key')
    with op.batch_alter_table('match', schema=None) as batch_op:
        batch_op.drop_index('match_state')
        batch_op.drop_index('match_other')
        batch_op.drop_index('match_contact')

    op.drop_table('match')
    op.drop_table('key_count')
    op.drop_table('index_name')
    with op.batch_alter_table('employment', schema=None) as batch_op:
        batch_op.drop_index('employment_seen')
        batch_op.drop_index('employment_contact')

    op.drop_table('employment')
    with op.batch_alter_table('case_of', schema=None) as batch_op:
        batch_op.drop_index('case_of_contact')

    op.drop_table('case_of')
