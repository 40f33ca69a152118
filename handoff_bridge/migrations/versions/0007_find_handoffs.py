"""Find handoffs by their conversation, and those that were claimed lately."""

from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Forward."""
    op.create_index("ix_handoffs_conversation_id", "handoffs", ["conversation_id"])
    op.create_index("ix_handoffs_claimed_at", "handoffs", ["claimed_at"])


def downgrade() -> None:
    """Back."""
    op.drop_index("ix_handoffs_claimed_at", "handoffs")
    op.drop_index("ix_handoffs_conversation_id", "handoffs")
