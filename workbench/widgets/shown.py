"""How the workbench's widgets are shown: live, and as a copy that stays where no kernel answers."""

from __future__ import annotations

from typing import Any

import ipywidgets
from IPython.display import display


class Shown(ipywidgets.VBox):
    """A widget that leaves a plain copy of itself beside it.

    A notebook that is opened again, by somebody who does not trust it, or exported, has no widget to show. The copy is
    an output of its own, for a page that knows widgets shows the widget and looks no further. While the widget is on
    the page, `page.css` hides the copy.
    """

    def to_html(self) -> str:
        """The widget as it stands, as plain tables and pictures."""
        raise NotImplementedError

    def _repr_mimebundle_(self, **kwargs: Any) -> dict[str, Any]:
        """The live widget alone, with its name for a terminal."""
        made = super()._repr_mimebundle_(**kwargs)
        bundle = made[0] if isinstance(made, tuple) else made
        return {**(bundle or {}), "text/plain": type(self).__name__}

    def _ipython_display_(self) -> None:
        display(self._repr_mimebundle_(), raw=True)  # type: ignore[no-untyped-call]
        plain = {"text/plain": "", "text/html": f'<div class="wb-static">{self.to_html()}</div>'}
        display(plain, raw=True)  # type: ignore[no-untyped-call]
