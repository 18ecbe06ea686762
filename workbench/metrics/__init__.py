"""Metrics of a ranking and their uncertainty, from counts by score and outcome: numbers in, numbers out."""
