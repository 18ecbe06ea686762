"""Who may approve: four eyes, so the author and the approver must be two roles."""

from __future__ import annotations

import unicodedata


def role(name: str) -> str:
    """A role as it is compared: width, case, blanks and invisible characters do not make another role of it.

    >>> role("  ＲevOps \\u200b team") == role("revops TEAM")
    True
    """
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).casefold())
    seen = "".join(character for character in folded if unicodedata.category(character) != "Cf")
    return " ".join(seen.split())


def faults(author: str, approver: str, why: str) -> list[str]:
    """What stands against these two approving for this reason; empty if nothing does."""
    found = [
        f"The {title} is not named. Name the role that answers for it."
        for title, name in (("author", author), ("approver", approver))
        if not role(name)
    ]
    if role(author) and role(author) == role(approver):
        found.append(
            f"Author and approver are the same role ({author.strip()!r} and {approver.strip()!r}). "
            "Someone other than the author must approve."
        )
    if not role(why):
        found.append("No reason is given. Say in a sentence why this model may score leads.")
    return found
