from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "drift_analysis"
MODULES = sorted(PACKAGE.rglob("*.py"))
LAYERS = ("schemas", "sources", "metrics", "sample", "demo", "charts", "widgets", "report")
TRACKED = (
    *(path for suffix in ("md", "toml", "txt") for path in ROOT.glob(f"*.{suffix}")),
    *(ROOT / name for name in ("Makefile", "LICENSE", ".gitignore", ".ci/run")),
    *(p for folder in ("docs", "notebooks", "benchmarks") for p in (ROOT / folder).rglob("*")),
    *PACKAGE.rglob("*"),
    *(ROOT / "tests").rglob("*"),
)
OF_ONE_MACHINE = re.compile(
    "|".join(
        [
            r"/(?:root|home|tmp|work|farm|opt)/" + r"[\w.-]+",
            "index" + "-url",
            "find" + "-links",
            r"py" + r"pi\.org",
            "python" + "hosted",
            "registry" + r"\.npm",
            "--" + "hash=",
        ]
    )
)


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_a_module_fits_in_the_head(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 250


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_a_module_says_in_one_sentence_what_it_is(path: Path) -> None:
    docstring = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
    summary = docstring.partition("\n\n")[0]

    assert re.fullmatch(r"[A-Z][^\n]*[.:?]", summary), summary


@pytest.mark.parametrize(
    "path", [path for path in MODULES if path.name != "__main__.py"], ids=name_of
)
def test_a_module_lists_what_it_offers(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    assigned = {
        target.id
        for node in tree.body
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name)
    }

    assert "__all__" in assigned


@pytest.mark.parametrize("layer", LAYERS)
def test_tests_stand_where_the_layer_is(layer: str) -> None:
    assert list((ROOT / "tests" / layer).glob("test_*.py"))


def test_nothing_tracked_names_a_registry_or_a_path_of_one_machine() -> None:
    found = []
    for path in TRACKED:
        if path.is_file() and "__pycache__" not in path.parts:
            text = path.read_bytes().decode("utf-8", errors="ignore")
            found += [f"{name_of(path)}: {match[0]}" for match in OF_ONE_MACHINE.finditer(text)]

    assert found == []


def test_constraints_pin_exactly_and_carry_nothing_else() -> None:
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    pin = re.compile(r"[a-z0-9.-]+==[0-9][\w.+!-]*(?: ; .+)?")

    assert [line for line in lines if not pin.fullmatch(line)] == []
