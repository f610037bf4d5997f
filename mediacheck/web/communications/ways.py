"""The ways to connect an account, each in its own words and with no more fields than it needs."""

from __future__ import annotations

from dataclasses import dataclass

from mediacheck.model.publishing import Platform
from mediacheck.settings import Settings


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One field of a form: ``name`` is ``server``, ``user`` or ``password``."""

    name: str
    label: str
    hint: str


@dataclass(frozen=True, slots=True, kw_only=True)
class App:
    """What the administrator sets up once, before accounts of this kind can be connected.

    ``setting`` holds the app's id and secret, as ``ID:SECRET``.
    """

    owner: str
    site: str
    setting: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """One way to connect an account of one platform.

    ``key`` names it in the page's address; ``other`` is another way to the same platform.
    """

    key: str
    platform: Platform
    name: str
    line: str
    steps: tuple[str, ...]
    fields: tuple[Asked, ...] = ()
    button: str = "Go on"
    other: str = ""
    app: App | None = None

    @property
    def is_second(self) -> bool:
        """Whether it is taken only where the first way to that platform is closed."""
        return self.has_password

    @property
    def has_password(self) -> bool:
        """Whether somebody pastes a password that the platform made for the tool."""
        return any(one.name == "password" for one in self.fields)

    def is_set_up(self, settings: Settings) -> bool:
        """Whether an account can be connected this way on this installation."""
        match self.platform:
            case Platform.X:
                return settings.x_app is not None
            case Platform.FACEBOOK | Platform.INSTAGRAM:
                return settings.meta_app is not None
            case _:
                return True


_META = App(owner="Meta", site="developers.facebook.com", setting="MEDIACHECK_META_APP")
_LET_IN = "Say yes there, and leave every permission as it is. Then you come back here."
_AUTHOR = (
    "On the website, have a user made for mediacheck alone, with the role Author. It then opens "
    "nothing but its own posts."
)
_HANDLE = Asked(
    name="user",
    label="Handle of the account",
    hint="As its page shows it, without the @: for example lincoln.bsky.social.",
)
_ADDRESS = Asked(
    name="server",
    label="Address of the website",
    hint="For example www.lincoln-elementary.org.",
)

WAYS = (
    Way(
        key="mastodon",
        platform=Platform.MASTODON,
        name="Mastodon",
        line="An account on Mastodon, or on a server that speaks its language.",
        steps=(
            "Write the name of the account's server.",
            "On that server's page, sign in as the account.",
            _LET_IN,
        ),
        fields=(
            Asked(
                name="server",
                label="Name of the server",
                hint="What stands behind the last @: for @lincoln@mastodon.social it is "
                "mastodon.social.",
            ),
        ),
    ),
    Way(
        key="bluesky",
        platform=Platform.BLUESKY,
        name="Bluesky",
        line="An account on Bluesky, or on another server of its protocol.",
        steps=(
            "Write the account's handle.",
            "On Bluesky's page, sign in as the account.",
            _LET_IN,
        ),
        fields=(Asked(name="server", label=_HANDLE.label, hint=_HANDLE.hint),),
        other="bluesky-password",
    ),
    Way(
        key="bluesky-password",
        platform=Platform.BLUESKY,
        name="Bluesky, with an app password",
        line="Where the account's server has no page on which to let mediacheck in.",
        steps=(
            "In Bluesky, open Settings, Privacy and security, App passwords, and add one. Name it "
            "mediacheck, and do not allow access to direct messages.",
            "Copy it into the last field. Never write the password that people sign in with.",
        ),
        fields=(
            _HANDLE,
            Asked(
                name="password",
                label="App password",
                hint="Four groups of four letters and digits.",
            ),
        ),
        button="Connect",
        other="bluesky",
    ),
    Way(
        key="wordpress",
        platform=Platform.WORDPRESS,
        name="WordPress",
        line="A website of the district, a school or a class that is made with WordPress.",
        steps=(
            _AUTHOR,
            "Write the website's address. On its page, sign in as that user.",
            "Say yes there. Then you come back here.",
        ),
        fields=(_ADDRESS,),
        other="wordpress-password",
    ),
    Way(
        key="wordpress-password",
        platform=Platform.WORDPRESS,
        name="WordPress, with an application password",
        line="Where the website does not lead back to mediacheck.",
        steps=(
            _AUTHOR,
            "Sign in on the website as that user, and open Users, Profile, Application Passwords. "
            "Add one with the name mediacheck.",
            "Copy it into the last field. Never write the password that people sign in with.",
        ),
        fields=(
            _ADDRESS,
            Asked(
                name="user",
                label="User name on the website",
                hint="The one of the user that was made for mediacheck.",
            ),
            Asked(
                name="password",
                label="Application password",
                hint="Six groups of four letters and digits.",
            ),
        ),
        button="Connect",
        other="wordpress",
    ),
    Way(
        key="facebook",
        platform=Platform.FACEBOOK,
        name="Facebook Page",
        line="A Page of the district or of a school.",
        steps=(
            "Write the Page's name.",
            "On Facebook's page, sign in as a person who manages it.",
            "Choose this Page there, and every other Page that mediacheck posts to: Facebook takes "
            "back those that are not chosen again.",
            _LET_IN,
        ),
        fields=(
            Asked(
                name="server",
                label="Name of the Page",
                hint="As Facebook shows it, or its address.",
            ),
        ),
        app=_META,
    ),
    Way(
        key="instagram",
        platform=Platform.INSTAGRAM,
        name="Instagram",
        line="A professional account that belongs to a Facebook Page.",
        steps=(
            "In Instagram's settings, make the account a professional one and connect it to the "
            "Facebook Page. That is done once.",
            "Write the account's name. The way leads through Facebook: only there may a tool "
            "delete what it posted.",
            "On Facebook's page, choose the Page of this account, and every other Page that "
            "mediacheck posts to: Facebook takes back those that are not chosen again.",
            _LET_IN,
        ),
        fields=(
            Asked(
                name="server",
                label="Name of the account",
                hint="Without the @: for example lincoln_elementary.",
            ),
        ),
        app=_META,
    ),
    Way(
        key="x",
        platform=Platform.X,
        name="X",
        line="An account on X, formerly Twitter.",
        steps=(
            "Sign in at X in this browser, as the account that this channel posts to.",
            "Go on from here. X shows which account it lets in: look whether it is the right one.",
            _LET_IN,
        ),
        app=App(owner="X", site="developer.x.com", setting="MEDIACHECK_X_APP"),
    ),
    Way(
        key="hand-off",
        platform=Platform.HAND_OFF,
        name="Posted by hand",
        line="ParentSquare, a newsletter, the yearbook, the press: everything that only a person "
        "can post to.",
        steps=(
            "mediacheck clears each post, and gives the photos and the words to a person.",
            "That person posts them there, and says where they stand.",
            "What has to come down again becomes a task with a day for one person of the office.",
        ),
        fields=(
            Asked(
                name="server",
                label="Where is it posted?",
                hint="For example ParentSquare, or the spring newsletter.",
            ),
        ),
        button="Connect",
    ),
)
