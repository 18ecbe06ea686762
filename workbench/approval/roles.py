"""Who may approve: four eyes, so the approver is neither the author nor the model's owner."""

from __future__ import annotations

import unicodedata

AUTHOR, APPROVER, ROLES, OWNER, WHY = "author", "approver", "roles", "owner", "why"
LOOKALIKES = {
    "A": "\u0391\u0410",
    "B": "\u0392\u0412",
    "C": "\u03f9\u0421",
    "E": "\u0395\u0415",
    "H": "\u0397\u041d",
    "I": "\u0399\u0406\u04c0",
    "J": "\u0408",
    "K": "\u039a\u041a",
    "M": "\u039c\u041c",
    "N": "\u039d",
    "O": "\u039f\u041e",
    "P": "\u03a1\u0420",
    "Q": "\u051a",
    "S": "\u0405",
    "T": "\u03a4\u0422",
    "W": "\u051c",
    "X": "\u03a7\u0425",
    "Y": "\u03a5\u0423\u04ae",
    "Z": "\u0396",
    "a": "\u03b1\u0430",
    "c": "\u03f2\u0441",
    "d": "\u0501",
    "e": "\u0435",
    "h": "\u04bb",
    "i": "\u03b9\u0456\u0131",
    "j": "\u03f3\u0458",
    "k": "\u03ba\u043a",
    "l": "\u04cf",
    "m": "\u043c",
    "n": "\u03b7",
    "o": "\u03bf\u043e",
    "p": "\u03c1\u0440",
    "q": "\u051b",
    "s": "\u0455",
    "t": "\u03c4\u0442",
    "u": "\u03c5",
    "v": "\u03bd",
    "w": "\u051d",
    "x": "\u03c7\u0445",
    "y": "\u0443\u04af",
}
"""Greek and Cyrillic letters (and the dotless i) by the Latin letter that they are printed like."""

_LATIN = str.maketrans({other: latin for latin, others in LOOKALIKES.items() for other in others})
_UNSEEN = {"\u034f", "\u115f", "\u1160", "\u17b4", "\u17b5", "\u2800", *map(chr, range(0xFE00, 0xFE10))}
_BETWEEN = {"Z", "P", "C"}


def role(name: str) -> str:
    """A role as it is compared: its letters, digits and symbols.

    Width, case, blanks, punctuation and invisible characters do not make another role of it.

    >>> role("  ＲevOps \\u200b team") == role("rev-ops_TEAM")
    True
    """
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).casefold())
    return "".join(each for each in folded if unicodedata.category(each)[0] not in _BETWEEN and each not in _UNSEEN)


def same(one: str, other: str) -> bool:
    """Whether two names are of the same role, also if they only look so: letters of another script that print alike.

    >>> same("sales", "s\\u0430les")
    True
    """
    return role(one) == role(other) or _seen(one) == _seen(other)


def _seen(name: str) -> str:
    return role(unicodedata.normalize("NFKC", name).translate(_LATIN))


def objections(author: str, approver: str, why: str, *, owner: str) -> dict[str, str]:
    """What stands against these two approving for this reason, by what it is about; empty if nothing does.

    Args:
        author: the role that answers for the model in this approval.
        approver: the role that says yes.
        why: its reason.
        owner: the role that answers for the model in its document, an author as well; may be blank.

    Returns:
        the reasons in words: `author`, `approver` (not named), `roles` (both are the same), `owner` (it approves),
        `why` (not given).
    """
    found = {
        key: f"The {title} is not named. Name the role that answers for it."
        for key, title, name in ((AUTHOR, "author", author), (APPROVER, "approver", approver))
        if not role(name)
    }
    if role(approver) and same(author, approver):
        found[ROLES] = (
            f"Author and approver are the same role ({author.strip()!r} and {approver.strip()!r}). "
            "Someone other than the author must approve."
        )
    if role(approver) and same(owner, approver):
        found[OWNER] = (
            f"The approver is the model's owner ({owner.strip()!r} and {approver.strip()!r}). "
            "Someone other than its owner must approve."
        )
    if not role(why):
        found[WHY] = "No reason is given. Say in a sentence why this model may score leads."
    return found


def faults(author: str, approver: str, why: str, *, owner: str) -> list[str]:
    """The `objections` as lines; that an author who approves is the owner too is not said on top."""
    found = objections(author, approver, why, owner=owner)
    return [line for key, line in found.items() if not (key == OWNER and ROLES in found)]
