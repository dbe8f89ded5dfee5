from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbclient import NotebookClient
from nbformat import NotebookNode

NOTEBOOKS = sorted(Path(__file__).parents[2].joinpath("notebooks").glob("*.ipynb"))
each_notebook = pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: str(path.stem))


def read(path: Path) -> dict[str, Any]:
    notebook: dict[str, Any] = json.loads(path.read_text("utf-8"))
    return notebook


def code(path: Path) -> list[dict[str, Any]]:
    return [cell for cell in read(path)["cells"] if cell["cell_type"] == "code"]


def source(path: Path) -> str:
    return "\n".join("".join(cell["source"]) for cell in code(path))


def test_there_are_two_notebooks() -> None:
    assert [path.stem for path in NOTEBOOKS] == ["00_quickstart", "01_explore"]


@each_notebook
def test_outputs_are_stripped_since_they_would_hold_customers_data(path: Path) -> None:
    assert [cell["outputs"] for cell in code(path)] == [[] for _ in code(path)]
    assert {cell["execution_count"] for cell in code(path)} == {None}
    assert "widgets" not in read(path)["metadata"]


@each_notebook
def test_a_notebook_is_short_and_its_title_is_a_question(path: Path) -> None:
    cells = read(path)["cells"]

    assert len(cells) <= 12
    assert re.match(r"# .+\?$", "".join(cells[0]["source"]).splitlines()[0])


@each_notebook
def test_a_notebook_imports_this_package_alone_and_defines_nothing(path: Path) -> None:
    lines = source(path).splitlines()

    assert [line for line in lines if "import" in line] == ["import drift_analysis as da"]
    assert not re.search(r"^\s*(def|class|lambda)\b", source(path), re.MULTILINE)


def run(path: Path) -> list[NotebookNode]:
    """Run a notebook where it lies, and return its outputs."""
    notebook: NotebookNode = nbformat.read(path, as_version=4)  # type: ignore[no-untyped-call]
    resources = {"metadata": {"path": str(path.parent)}}
    NotebookClient(notebook, timeout=300, resources=resources).execute()
    return [output for cell in notebook.cells for output in cell.get("outputs", [])]


def test_the_quickstart_runs_and_shows_three_charts_that_need_no_network() -> None:
    outputs = run(NOTEBOOKS[0])

    assert {output.output_type for output in outputs} == {"execute_result"}
    charts = [output.data for output in outputs if "image/png" in output.data]
    assert len(charts) == 3
    assert all("text/html" not in chart for chart in charts)
    *_, rejects, issues = outputs
    assert "reason" in rejects.data["text/plain"]
    assert "raw" not in rejects.data["text/plain"]
    assert "severity" in issues.data["text/plain"]


def test_the_explorer_runs_and_gives_back_a_frame_and_a_chart() -> None:
    outputs = run(NOTEBOOKS[1])

    kinds = [set(output.data) for output in outputs]
    assert "application/vnd.jupyter.widget-view+json" in kinds[0]
    assert "text/html" in kinds[1]
    assert kinds[2] == {"image/png", "text/plain"}
    assert "application/vnd.vegalite.v5+json" in kinds[4]
