"""Live pictures as SVG text: arrays and labels in, a `Drawing` out; nothing is computed that a figure depends on."""

from workbench.drawing.bands import draw_bands, highest_rate
from workbench.drawing.distribution import draw_distribution, highest_shares
from workbench.drawing.drawing import Drawing, Frame
from workbench.drawing.gains import draw_gains
from workbench.drawing.ratios import draw_ratios
from workbench.drawing.thresholds import draw_thresholds
from workbench.drawing.timeline import draw_timeline
from workbench.drawing.waterfall import draw_waterfall

__all__ = [
    "Drawing",
    "Frame",
    "draw_bands",
    "draw_distribution",
    "draw_gains",
    "draw_ratios",
    "draw_thresholds",
    "draw_timeline",
    "draw_waterfall",
    "highest_rate",
    "highest_shares",
]
