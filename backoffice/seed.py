"""Fills an empty sandbox, always with the same people, orders and ids.

Dates are offsets from the hour of seeding. When the sandbox is older than a few days
at start, the orders that nobody changed are moved forward by whole days, so that what
was delivered recently still was.
"""

import unicodedata
from datetime import date, datetime, timedelta
from random import Random

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from backoffice.account_tables import Address, Subscription
from backoffice.catalogue import (
    ACCOUNT_STATES,
    CARRIERS,
    FIRST_NAMES,
    FIXED,
    GOODS,
    LAST_NAMES,
    PAYMENT_METHODS,
    PEOPLE,
    PHONES,
    SOLD_OUT,
    SUBSCRIBERS,
    TOWNS,
    VARIANTS,
    FixedOrder,
    Person,
)
from backoffice.database import create_tables, writing
from backoffice.tables import (
    Customer,
    Meta,
    Order,
    OrderItem,
    Payment,
    Refund,
    Return,
    Stock,
)

SEED = 10401
NUMBERS = range(10401, 10476)
FRESH_FOR = timedelta(days=3)
# how many of the other orders are in which state
STATES = {
    "placed": 2,
    "packed": 2,
    "shipped": 4,
    "out_for_delivery": 1,
    "delivered": 14,
    "cancelled": 1,
    "return_started": 1,
    "refunded": 2,
    "payment_failed": 1,
}


def prepare(engine: Engine, now: datetime) -> None:
    """Makes tables, fills them when empty, freshens them when old."""
    with writing(engine) as session:
        create_tables(session)
        meta = session.get(Meta, 1)
        if meta is None:
            fill(session, now.replace(minute=0, second=0, microsecond=0))
        elif now - meta.seeded_at > FRESH_FOR:
            freshen(session, meta, now)


def fill(session: Session, now: datetime) -> None:
    """Adds everything."""
    random = Random(SEED)
    session.add(Meta(id=1, seeded_at=now))
    people = [*PEOPLE, *_more_people(random)]
    customers = [_customer(index, one, now) for index, one in enumerate(people)]
    session.add_all(customers)
    session.flush()  # addresses refer to them
    _add_account_details(session, customers, people)
    fixed = {one.number: one for one in FIXED}
    for number in NUMBERS:
        plan = fixed.get(number) or _any_order(random, number, len(people))
        session.add(_order(random, plan, customers, people, now))
        session.flush()  # numbers items in this order
    session.add_all(_stock(now.date()))


def freshen(session: Session, meta: Meta, now: datetime) -> None:
    """Moves what nobody changed forward by whole days."""
    days = timedelta(days=(now - meta.seeded_at).days)
    for order in session.scalars(select(Order).where(Order.changed_at.is_(None))):
        _move(order, days, "placed_at", "shipped_at", "expected_at", "delivered_at")
        for refund in order.refunds:
            _move(refund, days, "requested_at", "expected_at", "paid_at")
        for one in order.returns:
            _move(one, days, "started_at", "send_back_by")
        for payment in order.payments:
            _move(payment, days, "made_at")
    for shelf in session.scalars(select(Stock)):
        _move(shelf, days, "back_on")
    meta.seeded_at += days


def _move(
    row: Order | Payment | Refund | Return | Stock, by: timedelta, *names: str
) -> None:
    for name in names:
        value = getattr(row, name)
        if value is not None:
            setattr(row, name, value + by)


def _more_people(random: Random) -> list[Person]:
    last_names = random.sample(LAST_NAMES, k=len(LAST_NAMES)) + list(LAST_NAMES)
    people = []
    for first, last in zip(FIRST_NAMES, last_names, strict=False):
        language, address = random.choice(TOWNS)
        people.append(
            Person(
                name=f"{first} {last}",
                tier=random.choice(
                    ("standard", "standard", "standard", "silver", "gold")
                ),
                language=language,
                address=address.format(n=random.randint(1, 99)),
                years=random.randint(0, 8),
            )
        )
    return people


def _customer(index: int, person: Person, now: datetime) -> Customer:
    return Customer(
        customer_id=f"C-{2001 + index}",
        name=person.name,
        email=_email(person.name),
        tier=person.tier,
        language=person.language,
        since=(now - timedelta(days=365 * person.years + 40 + index)).date(),
        phone=PHONES.get(f"C-{2001 + index}"),
        state=ACCOUNT_STATES.get(f"C-{2001 + index}", "active"),
    )


def _add_account_details(
    session: Session, customers: list[Customer], people: list[Person]
) -> None:
    for customer, person in zip(customers, people, strict=True):
        address = Address(
            customer_id=customer.customer_id, text=person.address, is_default=True
        )
        session.add(address)
        if customer.customer_id in SUBSCRIBERS:
            session.add(Subscription(email=customer.email, state="subscribed"))


def _email(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    return ".".join(plain.lower().split()) + "@example.com"


def _any_order(random: Random, number: int, people: int) -> FixedOrder:
    status = random.choices(list(STATES), list(STATES.values()))[0]
    goods = tuple(
        (sku, random.choice((1, 1, 1, 2)))
        for sku in random.sample(list(GOODS), k=random.choice((1, 1, 2, 3)))
    )
    placed = _placed_days(random, status)
    is_sent = status in ("shipped", "out_for_delivery")
    is_there = status in ("delivered", "return_started", "refunded")
    refunds = {
        "cancelled": "processing",
        "return_started": "awaiting_return",
        "refunded": "paid",
    }
    return FixedOrder(
        number=number,
        owner=random.randrange(people),
        status=status,
        placed_days=placed,
        goods=goods,
        shipped_days=placed - 1.5 if is_sent or is_there else None,
        delivered_days=placed - 4 if is_there else None,
        expected_days=None if is_there or status == "cancelled" else placed - 5,
        refund=refunds.get(status),
        payment="declined" if status == "payment_failed" else "paid",
        returned=tuple(range(len(goods))) if status == "refunded" else (0,),
    )


def _placed_days(random: Random, status: str) -> float:
    nearest, furthest = {
        "placed": (0.1, 0.9),
        "packed": (0.8, 1.4),
        "shipped": (2, 4),
        "out_for_delivery": (4.5, 5),
        "cancelled": (1, 5),
        "return_started": (8, 25),
        "refunded": (20, 60),
    }.get(status, (5, 90))
    return round(random.uniform(nearest, furthest), 1)


def _order(
    random: Random,
    plan: FixedOrder,
    customers: list[Customer],
    people: list[Person],
    now: datetime,
) -> Order:
    def ago(days: float | None) -> datetime | None:
        return None if days is None else now - timedelta(days=days)

    carrier = random.choice(CARRIERS)
    code = f"{carrier[:2].upper()}{random.randrange(10**9):09d}"
    is_sent = plan.shipped_days is not None
    order = Order(
        number=f"HP-{plan.number}",
        customer=customers[plan.owner],
        status=plan.status,
        placed_at=ago(plan.placed_days),
        shipped_at=ago(plan.shipped_days),
        expected_at=ago(plan.expected_days),
        delivered_at=ago(plan.delivered_days),
        carrier=carrier if is_sent else None,
        tracking_code=code if is_sent else None,
        shipping_address=people[plan.owner].address,
        # drawn in any case, so that a fixed one moves no other order
        payment_method=_either(plan.method, random.choice(PAYMENT_METHODS)),
        items=[_item(sku, count) for sku, count in plan.goods],
    )
    _add_payments(order, plan)
    if plan.refund:
        _add_refund(order, plan, now)
    return order


def _either(fixed: str | None, drawn: str) -> str:
    return fixed or drawn


def _item(sku: str, quantity: int) -> OrderItem:
    name, price_cents = GOODS[sku]
    variants = VARIANTS.get(sku)
    return OrderItem(
        sku=sku,
        name=name,
        variant=variants[1] if variants else None,
        quantity=quantity,
        price_cents=price_cents,
    )


def _add_payments(order: Order, plan: FixedOrder) -> None:
    twice = plan.payment == "twice"
    order.payments = [
        Payment(
            state="paid" if twice else plan.payment,
            amount_cents=order.total_cents,
            method=order.payment_method,
            made_at=order.placed_at,
        )
        for _ in range(2 if twice else 1)
    ]


def _stock(today: date) -> list[Stock]:
    random = Random(SEED)  # its own: orders stay as they are when the goods change
    shelves = []
    for sku in GOODS:
        for variant in VARIANTS.get(sku, (None,)):
            left = random.randint(4, 30)
            days = SOLD_OUT.get((sku, variant))
            is_out = (sku, variant) in SOLD_OUT
            shelves.append(
                Stock(
                    sku=sku,
                    variant=variant,
                    left=0 if is_out else left,
                    back_on=today + timedelta(days=days) if days else None,
                )
            )
    return shelves


def _add_refund(order: Order, plan: FixedOrder, now: datetime) -> None:
    was_delivered = plan.delivered_days is not None
    back = (
        [order.items[index] for index in plan.returned]
        if was_delivered
        else order.items
    )
    since = plan.delivered_days if was_delivered else plan.placed_days
    started = now - timedelta(days=(since or 0) * 0.6)
    order.refunds.append(
        Refund(
            status=plan.refund,
            amount_cents=sum(item.price_cents * item.quantity for item in back),
            requested_at=started,
            expected_at=now + timedelta(days=3)
            if plan.refund == "processing"
            else None,
            paid_at=started + timedelta(days=7) if plan.refund == "paid" else None,
        )
    )
    if was_delivered:
        _add_returns(order, back, started)


def _add_returns(order: Order, back: list[OrderItem], started: datetime) -> None:
    for item in back:
        order.returns.append(
            Return(
                item=item,
                reason="It does not fit",
                started_at=started,
                send_back_by=(started + timedelta(days=14)).date(),
            )
        )
