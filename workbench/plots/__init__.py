"""Pictures of one result each, for light and dark pages.

A `plot_…` function takes a result, draws what its frames hold and returns the axes; its title is a sentence that
says the finding, `get_label()` of the axes is the text alternative. `picture` turns any of them into a value that
a notebook or a report shows.
"""

from __future__ import annotations

from workbench.plots.bands import plot_bands
from workbench.plots.calibration import plot_calibration
from workbench.plots.comparison import plot_comparison
from workbench.plots.cutoff import plot_backlog, plot_cutoff
from workbench.plots.distribution import plot_distribution
from workbench.plots.errors import plot_errors
from workbench.plots.lift import plot_gains, plot_lift
from workbench.plots.months import plot_months
from workbench.plots.path import plot_path
from workbench.plots.picture import Picture, Plot, picture
from workbench.plots.replay import plot_queue, plot_warning
from workbench.plots.support import plot_support
from workbench.plots.theme import Theme, ThemeName, theme_named
from workbench.plots.thresholds import plot_thresholds, plot_value

__all__ = [
    "Picture",
    "Plot",
    "Theme",
    "ThemeName",
    "picture",
    "plot_backlog",
    "plot_bands",
    "plot_calibration",
    "plot_comparison",
    "plot_cutoff",
    "plot_distribution",
    "plot_errors",
    "plot_gains",
    "plot_lift",
    "plot_months",
    "plot_path",
    "plot_queue",
    "plot_support",
    "plot_thresholds",
    "plot_value",
    "plot_warning",
    "theme_named",
]
