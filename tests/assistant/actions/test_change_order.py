import pytest

from actions.change_order import (
    ActionAskChangeOrderFormChangeItem,
    ActionAskChangeOrderFormConfirm,
    ActionAskChangeOrderFormOrderChange,
    ActionChangeOrder,
    ValidateChangeOrderForm,
)
from actions.items import change_in, variant_in
from actions.shop import OrderItem

FORM = "change_order_form"
# placed: a rain jacket (M, navy), two bottles (green)
TWO_ITEMS, OWNER = "HP-10475", "C-2010"
JACKET, BOTTLE = "Squall rain jacket", "Burn water bottle 1 l"
# placed, not paid yet: two dry bags
ONE_ITEM, ITS_OWNER = "HP-10474", "C-2009"
SHELVES = ("S, navy", "M, navy", "L, navy", "S, moss", "M, moss", "L, moss")


def asking(chat, slot, number=TWO_ITEMS, customer=OWNER, **known):
    chat.verified(customer).knows(
        order_number=number, order_customer_id=customer, one_time_code="used"
    )
    chat.knows(**known).asked(FORM, slot)
    if slot == "confirm":
        question = f"Order {number}: 3 x {BOTTLE} instead of 2. Shall I change it?"
        chat.hears_question(question, yes="Yes, change it", no="No, leave it")
    return chat


def confirmed(chat, item, wanted, number=TWO_ITEMS, customer=OWNER, confirm=True):
    asking(chat, "confirm", number, customer, change_item=item, order_change=wanted)
    return chat.says("yes", "affirm").knows(confirm=confirm)


def sold(name="Squall rain jacket", quantity=2, variant="M, navy"):
    return OrderItem("JKT-RN", name, quantity, 1, variant)


@pytest.mark.parametrize(
    ("said", "wanted"),
    [
        ("3", {"quantity": 3}),
        ("three please", {"quantity": 3}),
        ("make it 3", {"quantity": 3}),
        ("one more", {"quantity": 3}),
        ("another one", {"quantity": 3}),
        ("one fewer", {"quantity": 1}),
        ("just one", {"quantity": 1}),
        ("remove it", {"quantity": 0}),
        ("i don't want it any more", {"quantity": 0}),
        ("take it off", {"quantity": 0}),
        ("0", {"quantity": 0}),
        ("size L", {"variant": "L, navy"}),
        ("large please", {"variant": "L, navy"}),
        ("in moss", {"variant": "M, moss"}),
        ("S, moss", {"variant": "S, moss"}),
        ("a bigger one", {"variant": "L, navy"}),
        ("not navy but moss, and small", {"variant": "S, moss"}),
    ],
)
def test_a_wish_is_read(said, wanted):
    assert change_in(said, sold(), SHELVES, is_answer=True) == wanted


IN_EACH_LANGUAGE = {
    "more": (
        ("2 more", "another two pls", "x2 extra"),
        ("2 más", "dos mas porfa", "otras dos"),
        ("2 mehr", "noch zwei bitte", "zwei weitere"),
        ("2 de plus", "encore deux svp", "deux en plus"),
    ),
    "one more": (
        ("one more", "another one please", "an extra one"),
        ("uno más", "una mas porfi", "otra igual"),
        ("eins mehr", "noch eins bitte", "noch eine dazu"),
        ("un de plus", "encore une svp", "une en plus"),
    ),
    "one fewer": (
        ("one less", "1 fewer"),
        ("uno menos", "1 menos"),
        ("eins weniger", "eine weniger bitte"),
        ("un de moins", "1 en moins"),
    ),
    "three": (
        ("make it 3", "i only want three", "3 instead of 2", "3x"),
        ("que sean 3", "solo quiero tres", "tres en vez de dos", "cámbialo a 3", "x3"),
        ("mach 3 draus", "ich will nur drei", "3 statt 2", "statt zwei, drei", "3 stk"),
        ("mettez-en 3", "seulement trois", "3 au lieu de 2", "j'en veux que 3", "x3"),
    ),
    "one": (
        ("just one", "only 1"),
        ("solo una", "solo quiero uno"),
        ("nur einen", "bloss eins"),
        ("juste un", "une seule svp"),
    ),
    "none": (
        ("leave it out", "take the thing off", "dont want it anymore"),
        ("quítalo", "quitalo porfa", "ya no lo quiero", "eliminar"),
        ("lass das weg", "nimm sie raus", "streichen bitte", "will ich nicht mehr"),
        ("enlevez-le", "retire le", "j'en veux plus", "supprimer svp"),
    ),
    "large": (
        ("large pls", "size L", "bigger", "its too small", "one size up"),
        ("grande", "talla L", "más grande", "me queda muy pequeña", "una talla mas"),
        ("groß", "grösse L", "größer", "is mir zu klein", "ne nummer groesser"),
        ("grand", "taille L", "plus grande", "trop petite", "la taille au-dessus"),
    ),
    "small": (
        ("small", "a smaller one", "too big for me", "S please"),
        ("pequeña", "más pequeño", "me queda demasiado grande", "la S"),
        ("klein", "kleiner bitte", "viel zu groß", "in S"),
        ("petit", "plus petite", "trop grande pour moi", "en S"),
    ),
    "moss": (
        ("in moss", "moss green"),
        ("en verde musgo", "la verde"),
        ("in moosgrün", "lieber die grüne"),
        ("en mousse", "plutôt la verte"),
    ),
}
WANTED = {
    "more": {"quantity": 4},
    "one more": {"quantity": 3},
    "one fewer": {"quantity": 1},
    "three": {"quantity": 3},
    "one": {"quantity": 1},
    "none": {"quantity": 0},
    "large": {"variant": "L, navy"},
    "small": {"variant": "S, navy"},
    "moss": {"variant": "M, moss"},
}


@pytest.mark.parametrize(
    ("said", "wanted"),
    [
        (said, WANTED[name])
        for name, languages in IN_EACH_LANGUAGE.items()
        for phrases in languages
        for said in phrases
    ],
)
def test_a_wish_is_read_in_each_language(said, wanted):
    assert change_in(said, sold(), SHELVES, is_answer=True) == wanted


@pytest.mark.parametrize(
    "said", ["another size", "otra talla", "eine andere Größe", "une autre taille"]
)
def test_another_size_is_not_one_more(said):
    assert change_in(said, sold(), SHELVES, is_answer=False) is None


@pytest.mark.parametrize("said", ["something else", "it's wrong", "HP-10475", "XXL"])
def test_what_is_no_wish_is_none(said):
    assert change_in(said, sold(), SHELVES, is_answer=True) is None


@pytest.mark.parametrize(
    ("said", "wanted"),
    [
        ("change my 2 orders", None),
        ("order 10475 from 3 days ago", None),
        ("change the bottles to 3", {"quantity": 3}),
        ("i only want one bottle", {"quantity": 1}),
    ],
)
def test_a_number_in_a_sentence_must_be_a_wish(said, wanted):
    assert change_in(said, sold(variant=None), (), is_answer=False) == wanted


def test_the_numbers_of_a_name_are_no_wish():
    item = sold(name="Merino socks, two pairs", quantity=1, variant=None)
    said = "Merino socks, two pairs: 3 instead"
    assert change_in(said, item, (), is_answer=True) == {"quantity": 3}


def test_without_a_choice_there_is_no_size():
    assert variant_in("size L", None, ()) is None


async def test_the_items_and_what_can_be_done_are_offered(backoffice, chat):
    ran = await asking(chat, "change_item").run(ActionAskChangeOrderFormChangeItem())
    titles = [button["title"] for button in ran.messages[0]["buttons"]]
    assert titles == [f"{JACKET} (M, navy)", f"2 x {BOTTLE} (green)"]
    assert ran.events

    chat.knows(change_item=JACKET)
    ran = await chat.run(ActionAskChangeOrderFormOrderChange())
    buttons = {one["title"]: one["payload"] for one in ran.messages[0]["buttons"]}
    assert buttons["One more"] == '/inform{"order_change": "2"}'
    assert "One fewer" not in buttons  # the only one: that is leaving it out
    assert "Leave it out" in buttons
    assert "S, navy" in buttons
    assert "L, navy" not in buttons  # sold out
    assert ran.events


async def test_the_only_item_is_not_asked_for(backoffice, chat):
    chat.verified(ITS_OWNER).says("change it", "change_order").starts(FORM)
    ran = await chat.run(ValidateChangeOrderForm(), order_number=ONE_ITEM)
    assert ran.slots["change_item"] == "Kelp dry bag 20 l"
    assert ran.slots["requested_slot"] == "order_change"


async def test_item_and_wish_are_heard_in_the_request(backoffice, chat):
    chat.verified(OWNER).says(f"remove the bottles from {TWO_ITEMS}", "change_order")
    ran = await chat.starts(FORM).run(ValidateChangeOrderForm(), order_number=TWO_ITEMS)
    assert ran.slots["change_item"] == BOTTLE
    assert ran.slots["order_change"] == {"quantity": 0}
    assert ran.slots["requested_slot"] == "confirm"


async def test_the_request_is_remembered_until_the_number_is_there(backoffice, chat):
    chat.verified(OWNER).says("i only want one bottle", "change_order")
    chat.asked(FORM, "order_number").says(TWO_ITEMS)
    ran = await chat.run(ValidateChangeOrderForm(), order_number=TWO_ITEMS)
    assert ran.slots["change_item"] == BOTTLE
    assert ran.slots["order_change"] == {"quantity": 1}


async def test_item_and_wish_are_heard_in_one_answer(backoffice, chat):
    said = "leave the bottles out"
    asking(chat, "change_item").says(said, "return_item", confidence=0.4)
    ran = await chat.run(ValidateChangeOrderForm(), change_item=said)
    assert ran.slots["change_item"] == BOTTLE
    assert ran.slots["order_change"] == {"quantity": 0}
    assert ran.slots["requested_slot"] == "confirm"


async def test_an_item_that_is_not_there_is_refused(backoffice, chat):
    asking(chat, "change_item").says("the kettle")
    ran = await chat.run(ValidateChangeOrderForm(), change_item="the kettle")
    assert ran.responses == ["utter_change_order_not_in_order"]
    assert ran.slots["change_item"] is None


@pytest.mark.parametrize(
    "said",
    [
        "only 2 bottles please",
        "the jacket in size L",
        "make it 20 jackets",
        "the kettle to 3",
    ],
)
async def test_a_stranger_learns_nothing_of_the_order(backoffice, chat, said):
    chat.says(f"{said}, order {TWO_ITEMS}", "change_order").starts(FORM)
    ran = await chat.run(ValidateChangeOrderForm(), order_number=TWO_ITEMS)
    assert ran.messages == []
    assert ran.slots.get("order_change") is None


@pytest.mark.parametrize(
    ("item", "said", "response"),
    [
        (JACKET, "size L", "utter_change_order_back_on"),
        (JACKET, "19", "utter_change_order_not_enough"),
        (BOTTLE, "25", "utter_change_order_too_many"),
        (BOTTLE, "2", "utter_change_order_same"),
        (BOTTLE, "hm", "utter_change_order_unclear"),
    ],
)
async def test_what_cannot_be_is_said_at_once(backoffice, chat, item, said, response):
    asking(chat, "order_change", change_item=item).says(said)
    ran = await chat.run(ValidateChangeOrderForm(), order_change=said)
    assert ran.responses == [response]
    assert ran.slots["order_change"] is None
    assert ran.slots["requested_slot"] == "order_change"


async def test_the_question_shows_what_it_will_be_and_cost(backoffice, chat):
    asking(chat, "confirm", change_item=BOTTLE, order_change={"quantity": 3})
    ran = await chat.run(ActionAskChangeOrderFormConfirm())
    assert ran.responses == ["utter_ask_change_order_form_confirm_more"]
    message = ran.messages[0]
    assert message["before"] == f"2 x {BOTTLE} (green)"
    assert message["after"] == f"3 x {BOTTLE} (green)"
    assert (message["total"], message["amount"]) == ("€236.00", "€19.00")
    assert ran.events


@pytest.mark.parametrize(
    ("wanted", "response"),
    [
        ({"quantity": 1}, "utter_ask_change_order_form_confirm_less"),
        ({"quantity": 0}, "utter_ask_change_order_form_confirm_remove"),
        ({"variant": "steel"}, "utter_ask_change_order_form_confirm_same"),
    ],
)
async def test_each_change_has_its_question(backoffice, chat, wanted, response):
    asking(chat, "confirm", change_item=BOTTLE, order_change=wanted)
    ran = await chat.run(ActionAskChangeOrderFormConfirm())
    assert ran.responses == [response]


@pytest.mark.parametrize(
    ("said", "intent", "wanted"),
    [
        ("no, make it 4", "deny", {"quantity": 4}),
        ("4 actually", "inform", {"quantity": 4}),
        ("change it to 4", "change_order", {"quantity": 4}),
        ("no, steel", "deny", {"variant": "steel"}),
    ],
)
async def test_a_correction_is_no_answer(backoffice, chat, said, intent, wanted):
    asking(chat, "confirm", change_item=BOTTLE, order_change={"quantity": 3})
    chat.says(said, intent)
    ran = await chat.run(ValidateChangeOrderForm(), confirm=False)
    assert ran.slots["order_change"] == wanted
    assert ran.slots["confirm"] is None
    assert ran.slots["requested_slot"] == "confirm"


async def test_another_item_is_a_correction_too(backoffice, chat):
    asking(chat, "confirm", change_item=BOTTLE, order_change={"quantity": 3})
    chat.says("no, the jacket", "deny")
    ran = await chat.run(ValidateChangeOrderForm(), confirm=False)
    assert ran.slots["change_item"] == JACKET
    assert ran.slots["confirm"] is None
    assert ran.slots["requested_slot"] == "order_change"


@pytest.mark.parametrize(("said", "confirm"), [("yes, 3 bottles", True), ("no", False)])
async def test_the_answer_is_taken(backoffice, chat, said, confirm):
    asking(chat, "confirm", change_item=BOTTLE, order_change={"quantity": 3})
    chat.says(said, "affirm" if confirm else "deny")
    ran = await chat.run(ValidateChangeOrderForm(), confirm=confirm)
    assert ran.slots["confirm"] is confirm
    assert ran.slots["requested_slot"] is None


async def test_another_order_starts_the_wish_anew(backoffice, chat):
    asking(chat, "confirm", change_item=BOTTLE, order_change={"quantity": 3})
    chat.says(f"sorry, {ONE_ITEM}")
    ran = await chat.run(
        ValidateChangeOrderForm(), order_number=ONE_ITEM, confirm="unclear"
    )
    assert ran.slots["order_change"] is None
    assert ran.slots["confirm"] is None


async def test_the_last_item_leads_to_cancelling(backoffice, chat):
    asking(chat, "order_change", ONE_ITEM, ITS_OWNER, change_item="Kelp dry bag 20 l")
    chat.says("remove it")
    validated = await chat.run(ValidateChangeOrderForm(), order_change="remove it")
    assert validated.slots["requested_slot"] == "confirm"
    asked = await chat.knows(**validated.slots).run(ActionAskChangeOrderFormConfirm())
    assert asked.messages == []
    assert asked.slots["requested_slot"] is None
    ran = await chat.left().knows(**asked.slots).run(ActionChangeOrder())
    assert ran.responses == ["utter_change_order_last_item"]
    assert backoffice.order(ONE_ITEM)["items"][0]["quantity"] == 2
    assert ran.slots["order_change"] is None


@pytest.mark.parametrize(
    ("number", "response"),
    [
        ("HP-10422", "utter_change_order_packed"),
        ("HP-10423", "utter_change_order_shipped"),
        ("HP-10424", "utter_change_order_shipped"),
        ("HP-10428", "utter_change_order_delivered"),
        ("HP-10431", "utter_change_order_unpaid"),
        ("HP-10427", "utter_change_order_closed"),
        ("HP-10430", "utter_change_order_closed"),
    ],
)
async def test_what_cannot_change_is_told_before_any_code(
    backoffice, chat, number, response
):
    chat.says("change it", "change_order").starts(FORM)
    validated = await chat.run(ValidateChangeOrderForm(), order_number=number)
    assert validated.slots["requested_slot"] is None
    ran = await chat.left().knows(**validated.slots).run(ActionChangeOrder())
    assert ran.responses == [response]
    assert ran.slots["blocked_by"] is None


async def test_nothing_changes_without_a_yes_or_for_a_stranger(backoffice, chat):
    before = backoffice.order("HP-10421")
    socks, wanted = "Merino socks, two pairs", {"quantity": 1}
    confirmed(chat, socks, wanted, "HP-10421", "C-2002", confirm=False)
    kept = await chat.run(ActionChangeOrder())
    chat.verified("C-2001").knows(confirm=True)
    stranger = await chat.run(ActionChangeOrder())
    assert kept.responses == ["utter_change_order_kept"]
    assert stranger.responses == ["utter_verification_missing"]
    assert backoffice.order("HP-10421") == before


async def test_a_yes_changes_once_and_a_second_try_says_so(backoffice, chat):
    socks, wanted = "Merino socks, two pairs", {"quantity": 1}
    confirmed(chat, socks, wanted, "HP-10421", "C-2002")
    backoffice.fail(mode="lost", paths=["/orders/HP-10421/items"])
    lost = await chat.run(ActionChangeOrder())
    backoffice.fail(mode="none")
    assert lost.responses == ["utter_backoffice_uncertain"]
    assert lost.messages[0]["retry"] == "/change_order"
    assert lost.slots["order_change"] == wanted
    assert lost.slots["confirm"] is None

    chat.message_id = "again"
    chat.says("yes", "affirm")
    again = await chat.run(ActionChangeOrder())
    assert again.responses == ["utter_change_order_already"]
    assert again.slots["order_change"] is None
    assert len(backoffice.mails("HP-10421", "order_changed")) == 1


async def test_an_item_left_out_unheard_is_not_left_out_of_the_rest(
    backoffice, shop, chat
):
    socks, wanted = "Merino socks, two pairs", {"quantity": 0}
    shop.orders.change_item("HP-10421", socks, quantity=0, key="unheard")
    asking(chat, "confirm", "HP-10421", "C-2002").left()
    chat.knows(change_item=socks, order_change=wanted)
    chat.says("/change_order", "change_order").starts(FORM)
    validated = await chat.run(
        ValidateChangeOrderForm(),
        order_number="HP-10421",
        change_item=socks,
        order_change=wanted,
    )
    assert validated.slots["requested_slot"] is None
    assert validated.responses == ["utter_order_kept"]
    ran = await chat.left().knows(**validated.slots).run(ActionChangeOrder())
    assert ran.responses == ["utter_change_order_already"]
    assert len(backoffice.order("HP-10421")["items"]) == 1


async def test_a_wish_that_resembles_leaving_is_heard(backoffice, chat):
    asking(chat, "order_change", change_item=BOTTLE).says("remove it", "stop")
    ran = await chat.run(ValidateChangeOrderForm())
    assert ran.slots["order_change"] == {"quantity": 0}
    chat.says("never mind", "stop")
    left = await chat.run(ValidateChangeOrderForm())
    assert "order_change" not in left.slots


async def test_less_says_where_the_money_goes(backoffice, chat):
    mugs = "Enamel mug, set of four"
    confirmed(chat, mugs, {"quantity": 0}, "HP-10434", "C-2001")
    ran = await chat.run(ActionChangeOrder())
    assert ran.responses == ["utter_change_order_done_refund"]
    assert ran.messages[0]["amount"] == "€28.00"
    assert ran.messages[0]["expected_on"]
    assert ran.slots["change_item"] is None


async def test_more_says_what_it_is_now(backoffice, chat):
    ran = await confirmed(chat, BOTTLE, {"quantity": 3}).run(ActionChangeOrder())
    assert ran.responses == ["utter_change_order_done"]
    assert ran.messages[0]["total"] == "€236.00"
    assert f"3 x {BOTTLE}" in ran.messages[0]["items"]


async def test_an_outage_changes_nothing_and_keeps_the_wish(no_backoffice, chat):
    ran = await confirmed(chat, BOTTLE, {"quantity": 1}).run(ActionChangeOrder())
    assert ran.responses == ["utter_backoffice_unavailable"]
    assert ran.slots["order_change"] == {"quantity": 1}


@pytest.mark.parametrize(
    "question",
    [
        ActionAskChangeOrderFormChangeItem(),
        ActionAskChangeOrderFormOrderChange(),
        ActionAskChangeOrderFormConfirm(),
    ],
)
async def test_an_outage_before_a_question_ends_the_form(no_backoffice, chat, question):
    asking(chat, "confirm", change_item=BOTTLE, order_change={"quantity": 1})
    ran = await chat.run(question)
    assert ran.slots == {"blocked_by": "unavailable", "requested_slot": None}
