"""Run the command line with ``python -m drift_analysis``."""

from __future__ import annotations

from drift_analysis.cli import main

main()
