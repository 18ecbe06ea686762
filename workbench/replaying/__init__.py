"""Day by day through the past: when leads reach each tier, how long the queue is, how early the warning comes."""

from __future__ import annotations

from workbench.replaying.queue import capacity_of
from workbench.replaying.replay import Replay, replay

__all__ = ["Replay", "capacity_of", "replay"]
