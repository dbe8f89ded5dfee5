"""Honest metrics and pictures from Drift's chat conversations.

Import it as ``import drift_analysis as da``. Verbs stand at the top (`da.load`,
`da.time_in_status`); pictures and views one level down (`da.charts`, `da.widgets`,
`da.report`), which load altair and ipywidgets only when they are first used.
"""
