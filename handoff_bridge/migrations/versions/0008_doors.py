"""Logins that can end, sessions that expire, photos that nobody sent.

Agents sign in again after it. Photos from before count as sent.
"""

from datetime import UTC, datetime, timedelta

import sqlalchemy as sa
from alembic import op

from handoff_bridge.store.tables import UtcDateTime

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

# Of the sessions that there are.
KEPT = timedelta(days=30)


def upgrade() -> None:
    """Forward."""
    op.create_table(
        "logins",
        sa.Column("login_id", sa.String(64), nullable=False),
        sa.Column("agent_id", sa.String(64), nullable=False),
        sa.Column("expires_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("login_id", name="pk_logins"),
        sa.ForeignKeyConstraint(
            ["agent_id"], ["agents.agent_id"], name="fk_logins_agent_id"
        ),
    )
    op.create_index("ix_logins_agent_id", "logins", ["agent_id"])
    with op.batch_alter_table("attachments") as batch:
        batch.add_column(
            sa.Column(
                "is_attached", sa.Boolean(), nullable=False, server_default=sa.true()
            )
        )
    with op.batch_alter_table("attachments") as batch:
        batch.alter_column("is_attached", server_default=None)
    with op.batch_alter_table("sessions") as batch:
        batch.add_column(sa.Column("expires_at", UtcDateTime(), nullable=True))
    sessions = sa.table("sessions", sa.column("expires_at", UtcDateTime()))
    op.execute(sa.update(sessions).values(expires_at=datetime.now(UTC) + KEPT))
    with op.batch_alter_table("sessions") as batch:
        batch.alter_column("expires_at", existing_type=UtcDateTime(), nullable=False)
    op.create_index("ix_sessions_expires_at", "sessions", ["expires_at"])


def downgrade() -> None:
    """Back."""
    op.drop_index("ix_sessions_expires_at", "sessions")
    with op.batch_alter_table("sessions") as batch:
        batch.drop_column("expires_at")
    with op.batch_alter_table("attachments") as batch:
        batch.drop_column("is_attached")
    op.drop_table("logins")
