"""Keep what triggers declare, and a customer's region."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Forward."""
    with op.batch_alter_table("handoffs", schema=None) as batch_op:
        batch_op.add_column(sa.Column("declared", sa.JSON(), nullable=True))
    with op.batch_alter_table("conversations", schema=None) as batch_op:
        batch_op.add_column(sa.Column("locale", sa.String(length=40), nullable=True))


def downgrade() -> None:
    """Back."""
    with op.batch_alter_table("conversations", schema=None) as batch_op:
        batch_op.drop_column("locale")
    with op.batch_alter_table("handoffs", schema=None) as batch_op:
        batch_op.drop_column("declared")
