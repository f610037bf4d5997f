"""Passwords: which are taken, how they are kept, and how they are compared.

Long and not guessable, and nothing else: no rule of signs, no forced change (NIST SP 800-63B-4,
3.1.1.2). Kept as argon2id.
"""

from __future__ import annotations

import functools
import itertools
import re
import unicodedata
from importlib import resources

from argon2 import PasswordHasher
from argon2.exceptions import VerifyMismatchError

from mediacheck.accounts.errors import PasswordRefused

SHORTEST = 15
LONGEST = 200

#: 64 MiB, 4 passes, 2 lanes: SecureDrop's choice, above OWASP's least of 19 MiB and 2 passes.
_HASHER = PasswordHasher(memory_cost=64 * 1024, time_cost=4, parallelism=2)

#: The hash of a random text that nobody kept, made with the parameters above. A sign-in to an
#: unknown account is compared with it, so that it takes the time of a known one.
_NOBODYS_HASH = (
    "$argon2id$v=19$m=65536,t=4,p=2$x0hWNdNVuYgPAydKizMoUA$6d84du"
    "gPB8eguI7Z9JAcCnZIm3PDSV3XJKE6c8CWEJw"
)

#: How many different signs must be left of a password besides common words, names and runs.
_LEAST_OWN_SIGNS = 8

_RUN = 3
_LEET = str.maketrans("013457@$!", "oleastasi")


def hash_password(password: str) -> str:
    """The argon2id hash, with its salt and parameters. Takes about half a second."""
    return _HASHER.hash(_normal(password))


def verify_password(password_hash: str | None, password: str) -> bool:
    """Whether the password belongs to the hash. None is never right, and takes as long."""
    try:
        _HASHER.verify(password_hash or _NOBODYS_HASH, _normal(password)[: LONGEST + 1])
    except VerifyMismatchError:
        return False
    return password_hash is not None


def require_acceptable_password(password: str, email: str, name: str) -> None:
    """Passes a password that is long enough and not easily guessed.

    Raises:
        PasswordRefused: with words that say how to do better.
    """
    length = len(_normal(password))
    if length < SHORTEST:
        raise PasswordRefused(
            f"Use at least {SHORTEST} characters: this has {length}. "
            "Four or five words that do not belong together are easy to remember."
        )
    if length > LONGEST:
        raise PasswordRefused(f"Use at most {LONGEST} characters.")
    if len(_own_signs(password, email, name)) < _LEAST_OWN_SIGNS:
        raise PasswordRefused(
            "This is easy to guess: it is made of common words, your name or address, "
            "or signs in a row. Add words that do not belong together."
        )


def _normal(password: str) -> str:
    """One spelling for signs that look and type alike on different keyboards."""
    return unicodedata.normalize("NFKC", password)


def _own_signs(password: str, email: str, name: str) -> set[str]:
    """The signs that are left when everything a guesser tries first is taken away."""
    text = re.sub(r"(\d\d)\d{2,}", r"\1", _normal(password).casefold())
    personal = set(re.findall(r"[^\W_]{3,}", f"{email} {name}".casefold()))
    words = sorted(personal | _common(), key=len, reverse=True)
    # A word may hide in the plain reading, or in the one with digits for letters.
    return min(_without(text, words), _without(text.translate(_LEET), words), key=len)


def _without(text: str, words: list[str]) -> set[str]:
    """The letters and digits that are in no such word, and do not just count on or repeat."""
    letters = re.sub(r"[\W_]+", "", text)
    for word in words:
        letters = letters.replace(word, " ")
    threes = (letters[max(0, end - _RUN) : end] for end in range(1, len(letters) + 1))
    return {three[-1] for three in threes if not _is_run(three)} - {" "}


def _is_run(signs: str) -> bool:
    """Whether three signs repeat (``aaa``) or count up or down (``345``, ``cba``)."""
    steps = {ord(after) - ord(before) for before, after in itertools.pairwise(signs)}
    return len(signs) == _RUN and len(steps) == 1 and steps <= {-1, 0, 1}


@functools.cache
def _common() -> frozenset[str]:
    """The bundled list of common passwords, their parts, and words of schools and of this tool."""
    text = (
        resources.files("mediacheck.accounts").joinpath("common_passwords.txt").read_text("utf-8")
    )
    return frozenset(
        line.strip() for line in text.splitlines() if line.strip() and not line.startswith("#")
    )
