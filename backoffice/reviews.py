"""Reviews: of an order by its buyer, or of the shop by anybody, then without a name.

A buyer has one review for each order; another one takes its place.
"""

from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field, StringConstraints
from sqlalchemy import select
from sqlalchemy.orm import Session

from backoffice.idempotency import WriteOnce
from backoffice.orders import find_order
from backoffice.shapes import shown
from backoffice.tables import Order, Review
from backoffice.views import View

router = APIRouter(prefix="/reviews")

Words = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2000)
]
Number = Annotated[str, StringConstraints(min_length=1, max_length=40)]


class NewReview(BaseModel):
    """One to five stars and why; `order_number` only for the order's own buyer."""

    rating: Annotated[int, Field(ge=1, le=5)]
    text: Words
    order_number: Number | None = None


@router.post("")
def leave(new: NewReview, once: WriteOnce) -> JSONResponse:
    """Stores a review."""
    return once(lambda session, now: store_review(session, new, now))


@router.get("")
def list_reviews(view: View) -> dict[str, Any]:
    """All reviews, newest first."""
    newest = view.session.scalars(select(Review).order_by(Review.review_id.desc()))
    return {"reviews": [_listed(view.session, one) for one in newest]}


def store_review(session: Session, new: NewReview, now: datetime) -> dict[str, Any]:
    """Stores a review, in the place of the one before it.

    Raises:
        OrderNotFound: no order has this number.
    """
    order = find_order(session, new.order_number) if new.order_number else None
    review = _earlier(session, order)
    is_new = review is None
    if review is None:
        review = Review(order_number=order.number if order else None)
        session.add(review)
    review.rating, review.text, review.written_at = new.rating, new.text, now
    session.flush()  # numbers the review
    return _shape(review, order, replaced=not is_new)


def _earlier(session: Session, order: Order | None) -> Review | None:
    if order is None:
        return None
    known = select(Review).where(Review.order_number == order.number)
    return session.scalars(known).one_or_none()


def _shape(review: Review, order: Order | None, *, replaced: bool) -> dict[str, Any]:
    return shown(
        review_number=f"RV-{3000 + review.review_id}",
        rating=review.rating,
        text=review.text,
        shown_as=order.customer.name.split()[0] if order else None,
        replaced=replaced,
    )


def _listed(session: Session, review: Review) -> dict[str, Any]:
    order = session.get(Order, review.order_number) if review.order_number else None
    shape = _shape(review, order, replaced=False)
    del shape["replaced"]
    return {**shape, **shown(order_number=review.order_number, at=review.written_at)}
