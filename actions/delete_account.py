"""Closing an account, after a yes to what is lost; two weeks to take it back."""

from __future__ import annotations

from rasa_sdk import Tracker

from actions.account import (
    ACCOUNT_REFUSALS,
    AccountAction,
    AccountForm,
    AccountQuestion,
    verified_account,
)
from actions.confirmed_form import ConfirmedForm
from actions.shop import Account, AccountHasOpenOrders
from actions.topic import Speech, change, idempotency_key, look_up, shop
from actions.wording import day


class ValidateDeleteAccountForm(AccountForm, ConfirmedForm):
    intent = "delete_account"

    def name(self) -> str:
        return "validate_delete_account_form"


class ActionAskDeleteAccountFormConfirm(AccountQuestion):
    """Says what would be lost; asks nothing where the account has to stay."""

    def name(self) -> str:
        return "action_ask_delete_account_form_confirm"

    async def question(self, tracker: Tracker) -> Speech | None:
        account = await look_up(shop().accounts.get, verified_account(tracker))
        if reason_against(account) is not None:
            return None
        return "utter_delete_account_confirm", {"email": account.email}


class ActionDeleteAccount(AccountAction):
    intent = "delete_account"
    forgets = ("confirm", "one_time_code")
    refusals = {
        **ACCOUNT_REFUSALS,
        AccountHasOpenOrders: "utter_delete_account_still_open",
    }

    def name(self) -> str:
        return "action_delete_account"

    async def act(self, customer_id: str, tracker: Tracker) -> Speech:
        reason = reason_against(await look_up(shop().accounts.get, customer_id))
        if reason is not None:
            return reason
        if tracker.get_slot("confirm") is not True:
            return "utter_delete_account_kept", {}
        key = idempotency_key(tracker, self.name())
        closing = await change(shop().accounts.close, customer_id, key=key)
        values = {"sent_to": closing.sent_to, "closes_on": day(closing.closes_at)}
        return "utter_delete_account_done", values


def reason_against(account: Account) -> Speech | None:
    """Says why an account cannot be closed, None if it can."""
    if account.state == "blocked":
        return "utter_account_blocked", {}
    if account.state == "closing":
        return "utter_account_closing", {}
    if account.open_orders:
        orders = ", ".join(account.open_orders)
        return "utter_delete_account_open_orders", {"orders": orders}
    return None
