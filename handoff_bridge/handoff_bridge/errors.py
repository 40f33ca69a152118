"""What can be refused, each with a stable code, a status and one clear sentence.

The code is for programs and never changes; the sentence is for people.
"""

from collections.abc import Sequence

from handoff_bridge.models import JsonObject, Sent


class Mistake(Sent):
    """What is wrong in a text, and where it stands; line and column count from 1."""

    line: int
    column: int
    reason: str


class BridgeError(Exception):
    """Root of everything the bridge refuses."""

    code = "internal"
    status = 500
    sentence = "Something went wrong on our side."

    def __init__(self, sentence: str | None = None) -> None:
        """`sentence` replaces the class's own where more is known."""
        super().__init__(sentence or self.sentence)

    def as_dict(self) -> JsonObject:
        """The one shape of an error, over HTTP and Socket.IO alike."""
        return {"ok": False, "error": self.code, "message": str(self)}


def _error(name: str, code: str, status: int, sentence: str) -> type[BridgeError]:
    attributes = {"code": code, "status": status, "sentence": sentence}
    return type(name, (BridgeError,), {**attributes, "__doc__": sentence})


BadRequest = _error(
    "BadRequest", "bad_request", 400, "The request is missing something or malformed."
)
MessageTooLong = _error(
    "MessageTooLong", "message_too_long", 413, "A message has at most 5,000 characters."
)
EmptyMessage = _error("EmptyMessage", "empty_message", 400, "The message is empty.")
RateLimited = _error(
    "RateLimited", "rate_limited", 429, "Too many at once; wait a moment and try again."
)
UnknownSession = _error(
    "UnknownSession", "unknown_session", 401, "This chat session is not known here."
)
TokenInvalid = _error(
    "TokenInvalid", "token_invalid", 401, "The token is not one of ours."
)
TokenExpired = _error(
    "TokenExpired", "token_expired", 401, "The token has expired; sign in again."
)
Unauthorized = _error("Unauthorized", "unauthorized", 401, "Sign in first.")
InvalidSignature = _error(
    "InvalidSignature",
    "invalid_signature",
    401,
    "Nothing shows that the platform sent this.",
)
UnknownChannel = _error(
    "UnknownChannel", "unknown_channel", 404, "There is no such channel here."
)
UnknownCustomer = _error(
    "UnknownCustomer",
    "unknown_customer",
    404,
    "Nothing is stored about this address.",
)
ChannelNotSetUp = _error(
    "ChannelNotSetUp",
    "channel_not_set_up",
    409,
    "The platform was not told where messages go.",
)
LoginRefused = _error(
    "LoginRefused", "login_refused", 401, "Email or password is not right."
)
AccountDisabled = _error(
    "AccountDisabled",
    "account_disabled",
    401,
    "This account is disabled; ask whoever manages your team.",
)
SecondFactorNeeded = _error(
    "SecondFactorNeeded",
    "second_factor_needed",
    401,
    "Enter the code of your authenticator app, or a recovery code.",
)
SecondFactorWrong = _error(
    "SecondFactorWrong",
    "second_factor_wrong",
    403,
    "This code is not right, or was used already; wait for the next one.",
)
SecondFactorRequired = _error(
    "SecondFactorRequired",
    "second_factor_required",
    403,
    "Everybody here signs in with a second factor: set yours up first.",
)
SecondFactorNotBegun = _error(
    "SecondFactorNotBegun",
    "second_factor_not_begun",
    409,
    "There is no second factor to confirm or to remove; begin anew.",
)
InvitationInvalid = _error(
    "InvitationInvalid",
    "invitation_invalid",
    410,
    "This link has expired or was used already; ask for a new one.",
)
PasswordTooShort = _error(
    "PasswordTooShort",
    "password_too_short",
    422,
    "A password has at least 10 characters.",
)
PasswordIsEmail = _error(
    "PasswordIsEmail",
    "password_is_email",
    422,
    "The password must not be the email address.",
)
PasswordWrong = _error(
    "PasswordWrong", "password_wrong", 403, "The present password is not right."
)
EmailTaken = _error(
    "EmailTaken", "email_taken", 409, "Somebody here has this email address already."
)
LastOwner = _error(
    "LastOwner",
    "last_owner",
    409,
    "This is the last owner who can sign in; make somebody else an owner first.",
)
OwnAccount = _error(
    "OwnAccount",
    "own_account",
    409,
    "Nobody disables or deletes their own account; ask a colleague.",
)
UnknownLogin = _error(
    "UnknownLogin", "unknown_login", 404, "There is no such session; it may have ended."
)
OidcRefused = _error(
    "OidcRefused",
    "oidc_refused",
    403,
    "The sign-in with your organisation did not work; try again or use a password.",
)
OidcUnknown = _error(
    "OidcUnknown",
    "oidc_unknown",
    403,
    "Nobody here has the verified email address of that account.",
)
Forbidden = _error("Forbidden", "forbidden", 403, "Your role does not allow this.")
NotFound = _error("NotFound", "not_found", 404, "There is nothing at this address.")
UnknownConversation = _error(
    "UnknownConversation", "unknown_conversation", 404, "There is no such conversation."
)
UnknownHandoff = _error(
    "UnknownHandoff", "unknown_handoff", 404, "There is no such handoff."
)
UnknownAttachment = _error(
    "UnknownAttachment", "unknown_attachment", 404, "There is no such attachment."
)
AlreadyClaimed = _error(
    "AlreadyClaimed", "already_claimed", 409, "Someone else has taken this chat."
)
OfferedToAnother = _error(
    "OfferedToAnother",
    "offered_to_another",
    409,
    "This chat is kept for a colleague for now; try again later.",
)
OfferOver = _error(
    "OfferOver", "offer_over", 409, "This offer is over; the chat may be with another."
)
TransferToSelf = _error(
    "TransferToSelf",
    "transfer_to_self",
    409,
    "A chat cannot be passed on to oneself.",
)
UnknownAgent = _error("UnknownAgent", "unknown_agent", 404, "There is no such agent.")
UnknownTeam = _error(
    "UnknownTeam", "unknown_team", 404, "Nobody belongs to a team of that name."
)
AtCapacity = _error(
    "AtCapacity", "at_capacity", 409, "You have as many chats as you set as your limit."
)
ClientIdReused = _error(
    "ClientIdReused",
    "client_id_reused",
    409,
    "This client_id belongs to another call; use a new one.",
)
NotOwner = _error("NotOwner", "not_owner", 409, "This chat is not yours.")
ConversationClosed = _error(
    "ConversationClosed", "conversation_closed", 409, "This chat is closed."
)
IllegalTransition = _error(
    "IllegalTransition",
    "illegal_transition",
    409,
    "The handoff is past the point where that is possible.",
)
NewMessages = _error(
    "NewMessages",
    "new_messages",
    409,
    "The customer has written again; read it first.",
)
UnknownSlot = _error(
    "UnknownSlot", "unknown_slot", 422, "The assistant has no slot of that name."
)
BotUnavailable = _error(
    "BotUnavailable",
    "bot_unavailable",
    503,
    "The assistant does not answer right now; the chat stays with you.",
)
UnknownCard = _error(
    "UnknownCard", "unknown_card", 404, "The customer has no such card."
)
UnknownAction = _error(
    "UnknownAction",
    "unknown_action",
    404,
    "That cannot be done about this card, or not any more.",
)
CustomerNotVerified = _error(
    "CustomerNotVerified",
    "customer_not_verified",
    403,
    "The customer has not proved yet who they are.",
)
InvalidFields = _error(
    "InvalidFields", "invalid_fields", 422, "A field is missing or not right."
)
ActionRefused = _error(
    "ActionRefused", "action_refused", 409, "The back office has refused it."
)
ActionDoneBefore = _error(
    "ActionDoneBefore",
    "action_done_before",
    409,
    "An earlier try went through after all; look at the card before you go on.",
)
BackOfficeUnavailable = _error(
    "BackOfficeUnavailable",
    "back_office_unavailable",
    503,
    "The back office does not answer; try again, nothing is done twice.",
)
UploadTooLarge = _error(
    "UploadTooLarge", "upload_too_large", 413, "The file is too large."
)
UploadQuota = _error(
    "UploadQuota", "upload_quota", 413, "This chat holds as many files as it may."
)
TooSlow = _error(
    "TooSlow", "too_slow", 408, "The rest of the request did not come in time."
)
NotAnImage = _error(
    "NotAnImage",
    "not_an_image",
    415,
    "That file is no photo that we can read (JPEG, PNG, WebP or GIF), and no PDF "
    "either.",
)
NotAPdf = _error(
    "NotAPdf", "not_a_pdf", 415, "That file is not a PDF, or it is damaged."
)
InvalidEmail = _error(
    "InvalidEmail",
    "invalid_email",
    422,
    "That is not an email address we can write to.",
)
InvalidPhone = _error(
    "InvalidPhone",
    "invalid_phone",
    422,
    "That is not a phone number we can call; begin with + and the country code.",
)
NotAvailable = _error(
    "NotAvailable", "not_available", 501, "This is not available here."
)
WindowClosed = _error(
    "WindowClosed",
    "window_closed",
    409,
    "The customer has not written for too long: only an approved text may be sent.",
)
UnknownTemplate = _error(
    "UnknownTemplate",
    "unknown_template",
    404,
    "This text is not approved any more; choose another.",
)
NotFailed = _error(
    "NotFailed",
    "not_failed",
    409,
    "This message has not failed, or is too old to be sent again.",
)
PlatformUnavailable = _error(
    "PlatformUnavailable",
    "platform_unavailable",
    503,
    "The customer's channel does not answer right now; try again in a moment.",
)
UnknownReminder = _error(
    "UnknownReminder", "unknown_reminder", 404, "There is no such reminder of yours."
)
BadReminderTime = _error(
    "BadReminderTime",
    "bad_reminder_time",
    422,
    "A reminder's time is to come, and within a year.",
)
TooManyReminders = _error(
    "TooManyReminders",
    "too_many_reminders",
    409,
    "You have 100 reminders; finish some of them first.",
)
UnknownArticle = _error(
    "UnknownArticle", "unknown_article", 404, "This article is not here any more."
)
UnknownVersion = _error(
    "UnknownVersion", "unknown_version", 404, "There is no such version."
)
OldVersion = _error(
    "OldVersion",
    "old_version",
    409,
    "Someone has saved a newer version; read it first.",
)

InvalidWebhookUrl = _error(
    "InvalidWebhookUrl",
    "invalid_webhook_url",
    400,
    "Give an address that begins with https:// and names a host.",
)
PrivateAddress = _error(
    "PrivateAddress",
    "private_address",
    400,
    "This address is inside a private network, where webhooks may not go.",
)
UnknownEvent = _error(
    "UnknownEvent", "unknown_event", 400, "There is no event of that name."
)
UnknownWebhook = _error(
    "UnknownWebhook", "unknown_webhook", 404, "There is no such webhook."
)
UnknownDelivery = _error(
    "UnknownDelivery",
    "unknown_delivery",
    404,
    "There is no such delivery; they are kept for 30 days.",
)
TooManyWebhooks = _error(
    "TooManyWebhooks",
    "too_many_webhooks",
    409,
    "There are 20 webhooks; delete one first.",
)
WebhookDisabled = _error(
    "WebhookDisabled",
    "webhook_disabled",
    409,
    "This webhook is disabled; enable it first.",
)
NothingToSimulate = _error(
    "NothingToSimulate", "nothing_to_simulate", 404, "There is no such day to simulate."
)
SimulationRunning = _error(
    "SimulationRunning",
    "simulation_running",
    429,
    "A day is being simulated already; try again in a moment.",
)
SimulationTooLong = _error(
    "SimulationTooLong",
    "simulation_too_long",
    503,
    "Simulating that day takes too long; try a quieter one.",
)


class InvalidDocument(BridgeError):
    """The document is not right; nothing is saved."""

    code = "invalid_document"
    status = 422
    sentence = "The document is not right; nothing is saved."

    def __init__(
        self, sentence: str | None = None, *, mistakes: Sequence[Mistake] = ()
    ) -> None:
        """`mistakes` in the order in which they stand."""
        super().__init__(sentence)
        self.mistakes = mistakes

    def as_dict(self) -> JsonObject:
        """With `mistakes`: line, column and reason of each."""
        told = super().as_dict()
        if self.mistakes:
            told["mistakes"] = [mistake.as_json() for mistake in self.mistakes]
        return told


def all_codes() -> list[str]:
    """Every code that a refusal may carry."""
    return sorted({BridgeError.code, *(error.code for error in all_errors())})


def all_errors() -> list[type[BridgeError]]:
    """Every class of refusal, for the docs and their test."""
    return sorted(BridgeError.__subclasses__(), key=lambda error: error.code)
