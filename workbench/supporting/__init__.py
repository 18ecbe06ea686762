"""What the data says of every rule: points as good as the best, worth, partners, sign, what a change would bring."""

from __future__ import annotations

from workbench.supporting.result import Support
from workbench.supporting.supporting import support

__all__ = ["Support", "support"]
