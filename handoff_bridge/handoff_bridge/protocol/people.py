"""HTTP under `/api/v1/people` and `/api/v1/auth`: people, links, second factors."""

from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from handoff_bridge.conversation.states import Presence
from handoff_bridge.conversation.triggers import LANGUAGE
from handoff_bridge.models import Flag, Payload, Sent, Time
from handoff_bridge.protocol.customer import Done
from handoff_bridge.protocol.inbox import Role

type Account = Annotated[
    Literal["active", "invited", "disabled"],
    Field(description="`invited`: has not set a password yet."),
]
Level = Annotated[int, Field(ge=1, le=5, strict=True)]
Email = Annotated[str, Field(max_length=320, pattern=r"^\s*[^@\s]+@[^@\s]+\s*$")]
Password = Annotated[str, Field(min_length=1, max_length=1_000)]
Token = Annotated[str, Field(min_length=1, max_length=200)]
Code = Annotated[str, Field(max_length=100)]
Name = Annotated[
    str, Field(min_length=1, max_length=200), AfterValidator(lambda name: name.strip())
]
Team = Annotated[str, Field(max_length=100), AfterValidator(lambda team: team.strip())]
Skill = Annotated[str, Field(min_length=1, max_length=60)]
Language = Annotated[str, Field(max_length=20, pattern=f"^{LANGUAGE.pattern}$")]


class PersonAdd(Payload):
    """Somebody new, who is then invited by a link."""

    email: Email
    name: Name
    role: Role = "agent"
    team: Team | None = None


class PersonChange(Payload):
    """What is to be another; what is absent stays. An empty team is none."""

    name: Name | None = None
    role: Role | None = None
    team: Team | None = None
    account: Literal["active", "disabled"] | None = None
    skills: Annotated[dict[Skill, Level], Field(max_length=50)] | None = None
    languages: Annotated[list[Language], Field(max_length=50)] | None = None


class PersonReset(Payload):
    """A new password; with `second_factor` theirs is removed too."""

    second_factor: Flag = False


class Person(Sent):
    """An account as those see it who manage it."""

    agent_id: str
    name: str
    email: str
    role: Role
    team: str | None = None
    account: Account
    status: Presence
    load: int = Field(description="How many chats they have.")
    second_factor: bool
    skills: dict[str, Level] = Field(description="From 1 to 5.")
    languages: list[str]
    invited_until: Time | None = Field(
        None, description="Until when the newest link is good."
    )
    last_seen_at: Time | None = None
    manageable: bool = Field(description="Whether whoever asks may change them.")


class People(Sent):
    """Everybody, by name."""

    people: list[Person]


class LinkMade(Sent):
    """A link to set a password with: shown this once, and good once."""

    link: str
    expires_at: Time


class LoginSession(Sent):
    """A login: when and from where, and whether it is the one that asks."""

    session_id: str
    current: bool
    expires_at: Time
    created_at: Time | None = None
    last_seen_at: Time | None = None
    address: str | None = None
    user_agent: str | None = Field(None, description="Browser and system, in short.")
    via: Literal["password", "oidc"] | None = None


class LoginSessions(Sent):
    """Logins that have not ended, newest first."""

    sessions: list[LoginSession]


class InvitationLook(Payload):
    """The token of a link."""

    token: Token


class InvitationAccept(InvitationLook):
    """The same, with the password that they want."""

    password: Password


class Invited(Sent):
    """For whom a link is; `first` if they have had no password yet."""

    email: str
    name: str
    first: bool
    expires_at: Time


class InvitationAccepted(Done):
    """The password is set: sign in with it."""

    email: str


class PasswordChange(Payload):
    """One's own password."""

    present: Password
    password: Password


class SecondFactorState(Sent):
    """One's own second factor."""

    enrolled: bool
    required: bool
    recovery_codes_left: int


class SecondFactorBegin(Payload):
    """`code` where there is a second factor already."""

    code: Code | None = None


class SecondFactorBegun(Sent):
    """What an authenticator app needs; in force once it is confirmed."""

    secret: str
    uri: str
    qr: str = Field(description="The address as a picture, a data: URL of an SVG.")


class SecondFactorConfirm(Payload):
    """A code of the app's."""

    code: Code


class RecoveryCodes(Done):
    """Each is good once instead of a code; shown this once."""

    recovery_codes: list[str]


class SecondFactorRemove(Payload):
    """A code, and the password."""

    code: Code
    password: Password


class SignInOptions(Sent):
    """How people sign in here: with a provider too, and with which second factor."""

    oidc: bool
    second_factor: Literal["required", "optional"]
