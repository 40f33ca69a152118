"""Help articles that were read, and searches that found none."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Forward."""
    op.create_table(
        "help_reads",
        sa.Column("read_id", sa.String(length=64), nullable=False),
        sa.Column("article_id", sa.String(length=100), nullable=False),
        sa.Column("language", sa.String(length=10), nullable=False),
        sa.Column("place", sa.String(length=10), nullable=False),
        sa.Column("conversation_id", sa.String(length=64), nullable=True),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("helped", sa.Boolean(), nullable=True),
        sa.PrimaryKeyConstraint("read_id", name=op.f("pk_help_reads")),
    )
    op.create_index("ix_help_reads_read_at", "help_reads", ["read_at"])
    op.create_table(
        "help_searches",
        sa.Column("language", sa.String(length=10), nullable=False),
        sa.Column("text", sa.String(length=200), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("language", "text", name=op.f("pk_help_searches")),
    )
    op.create_index("ix_help_searches_last_at", "help_searches", ["last_at"])


def downgrade() -> None:
    """Back."""
    op.drop_table("help_searches")
    op.drop_table("help_reads")
