"""Mailing a link for a new password to the verified customer's own address."""

from __future__ import annotations

from rasa_sdk import Tracker

from actions.account import AccountAction, AccountForm
from actions.topic import Speech, change, idempotency_key, shop
from actions.verification import now_utc


class ValidatePasswordResetForm(AccountForm):
    intent = "reset_password"

    def name(self) -> str:
        return "validate_password_reset_form"


class ActionResetPassword(AccountAction):
    intent = "reset_password"
    forgets = ("one_time_code",)

    def name(self) -> str:
        return "action_reset_password"

    async def act(self, customer_id: str, tracker: Tracker) -> Speech:
        reset = await change(
            shop().customers.reset_password,
            customer_id,
            key=idempotency_key(tracker, self.name()),
        )
        valid_mins = round((reset.expires_at - now_utc()).total_seconds() / 60)
        values = {"sent_to": reset.sent_to, "valid_mins": valid_mins}
        return "utter_password_reset_sent", values
