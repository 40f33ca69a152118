"""Cards: something that the shop knows, as rows that say what each value is.

One form for an order, an appointment or an account, whoever reads it.
"""

from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, JsonValue

from handoff_bridge.models import Sent

Text = Annotated[str, Field(min_length=1)]

type RowType = Annotated[
    Literal["text", "money", "date", "datetime", "link", "code"],
    Field(description="How a value is shown."),
]


def _as_text(amount: JsonValue) -> JsonValue:
    is_number = isinstance(amount, int | float) and not isinstance(amount, bool)
    return str(amount) if is_number else amount


Amount = Annotated[
    str, BeforeValidator(_as_text), Field(pattern=r"^-?\d{1,15}(\.\d{1,4})?$")
]


class Money(Sent):
    """An amount of money; of several alike the sum.

    Amounts are decimal numbers as text in the currency's main unit: "49.90".
    """

    amount: Amount
    currency: str = Field(pattern="^[A-Z]{3}$", description="ISO 4217, such as EUR.")
    quantity: int | None = Field(
        None, ge=1, description="Of how many alike it is the sum."
    )
    unit_amount: Amount | None = Field(None, description="What one of them costs.")


class CardRow(Sent):
    """One line of a card: what `type` says the value is."""

    label: Text
    value: Text | Money = Field(description="`Money` where the type is `money`.")
    type: RowType = Field(
        description="`date` is a day, `link` an address of the web or of mail, "
        "`code` a text to be copied."
    )
    emphasis: bool | None = Field(None, description="Whether it stands out.")
    masked: bool | None = Field(
        None, description="Personal, and hidden until the customer has proved who."
    )


class CardHeading(Sent):
    """What a card is about. `kind` is the sender's own word, `id` its number."""

    kind: Text
    id: Text
    title: Text
    status: Text | None = None


class ShownCard(CardHeading):
    """A card that the assistant shows the customer, beside what it says."""

    rows: list[CardRow]
    photo: Text | None = Field(None, description="The address of a picture.")
