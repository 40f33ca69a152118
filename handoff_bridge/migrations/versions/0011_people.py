"""People of the desk: accounts that end, invitations, second factors, skills."""

import sqlalchemy as sa
from alembic import op

from handoff_bridge.store.tables import UtcDateTime

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

OF_AGENTS = {
    "disabled_at": UtcDateTime(),
    "deleted_at": UtcDateTime(),
    "skills": sa.JSON(none_as_null=True),
    "languages": sa.JSON(none_as_null=True),
    "totp_secret": sa.String(64),
    "totp_pending": sa.String(64),
    "totp_used_step": sa.Integer(),
    "recovery_hashes": sa.JSON(none_as_null=True),
    "oidc_subject": sa.String(512),
}
OF_LOGINS = {
    "created_at": UtcDateTime(),
    "last_seen_at": UtcDateTime(),
    "address": sa.String(64),
    "user_agent": sa.String(100),
    "via": sa.String(10),
}


def upgrade() -> None:
    """Forward."""
    if op.get_bind().dialect.name == "postgresql":
        # All that this and the next ones change, in the order in which a bridge of the
        # version before, beside this one, locks it: else each would wait for the other.
        op.execute(
            "LOCK TABLE conversations, handoffs, agents, logins "
            "IN ACCESS EXCLUSIVE MODE"
        )
    for table, columns in (("agents", OF_AGENTS), ("logins", OF_LOGINS)):
        with op.batch_alter_table(table, schema=None) as batch_op:
            for name, kind in columns.items():
                batch_op.add_column(sa.Column(name, kind, nullable=True))
    op.create_index("uq_agents_oidc_subject", "agents", ["oidc_subject"], unique=True)
    op.create_table(
        "invitations",
        sa.Column("token_hash", sa.String(64), nullable=False),
        sa.Column("agent_id", sa.String(64), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("expires_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("token_hash", name="pk_invitations"),
        sa.ForeignKeyConstraint(
            ["agent_id"], ["agents.agent_id"], name="fk_invitations_agent_id"
        ),
    )
    op.create_index("ix_invitations_agent_id", "invitations", ["agent_id"], unique=True)


def downgrade() -> None:
    """Back."""
    op.drop_table("invitations")
    op.drop_index("uq_agents_oidc_subject", "agents")
    for table, columns in (("logins", OF_LOGINS), ("agents", OF_AGENTS)):
        with op.batch_alter_table(table, schema=None) as batch_op:
            for name in reversed(columns):
                batch_op.drop_column(name)
