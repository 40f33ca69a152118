"""Know what the bot said last in a conversation, and when.

Of what was said before nothing is known: it counts as seen.
"""

import sqlalchemy as sa
from alembic import op

from handoff_bridge.store.tables import UtcDateTime

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Forward."""
    op.add_column("conversations", sa.Column("last_bot_seq", sa.Integer()))
    op.add_column("conversations", sa.Column("last_bot_at", UtcDateTime()))


def downgrade() -> None:
    """Back."""
    op.drop_column("conversations", "last_bot_at")
    op.drop_column("conversations", "last_bot_seq")
