"""What went wrong, where a person sees it."""

from __future__ import annotations

import html
from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

import ipywidgets

from workbench.errors import WorkbenchError

P = ParamSpec("P")
R = TypeVar("R")

UNFORESEEN = (
    "This is a fault of the workbench, not of your model. What stood before still holds; undo, or run the cell again."
)

HIDE = '<button type="button" class="wb-button wb-hide">Hide</button>'
"""What puts the message aside (guard.js); it may lie over something that is needed."""


class Banner(ipywidgets.HTML):
    """A message that stays until something succeeds; hidden while there is none.

    JupyterLab shows nowhere that a callback of a widget failed. So every callback runs under `guarded`, which puts
    the error here.

    Attributes:
        error: the last error, or None.
    """

    def __init__(self) -> None:
        super().__init__()
        self.error: Exception | None = None
        self.clear()

    def show(self, error: Exception) -> None:
        """Show an error and keep it."""
        self.error = error
        known = isinstance(error, WorkbenchError)
        head = "That was not done." if known else f"That failed: {type(error).__name__}."
        text = str(error) if known else f"{error}\n{UNFORESEEN}"
        self.value = ""  # the same message again must be shown again, though it was put aside
        self.value = (
            f'<div role="alert" class="wb-banner"><strong>{html.escape(head)}</strong>{html.escape(text)} {HIDE}</div>'
        )
        self.layout.display = ""

    def clear(self) -> None:
        """Hide the message."""
        self.error = None
        self.value = ""
        self.layout.display = "none"


def guarded(banner: Banner) -> Callable[[Callable[P, R]], Callable[P, R | None]]:
    """A decorator for callbacks: an error becomes a message in the banner, a success clears it."""

    def around(callback: Callable[P, R]) -> Callable[P, R | None]:
        @wraps(callback)
        def wrapped(*args: P.args, **kwargs: P.kwargs) -> R | None:
            try:
                result = callback(*args, **kwargs)
            except Exception as error:  # noqa: BLE001  (nothing else would show it)
                banner.show(error)
                return None
            banner.clear()
            return result

        return wrapped

    return around
