from __future__ import annotations

import json
import re
import zipfile
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import nh3
import polars as pl
import pypdfium2
import pytest

import drift_analysis as da
from drift_analysis.report import Review
from drift_analysis.report.outputs import write_all
from report.hostile import BODY, CANARIES, FORMULAS, PAYLOADS
from report.test_numbers import LIVE, NUMBER, cells_of_a_csv, texts_of_a_workbook
from report.test_review import HARMLESS, Page

if TYPE_CHECKING:
    from pathlib import Path

    from drift_analysis.schemas import Dataset

LIVING = "script img iframe object embed form button base a link meta input video audio svg math"
ACTING = {"onload", "onerror", "onclick", "src", "href", "action", "data", "srcdoc", "style"}
ADDRESSES = {"ann@example.com": "[e-mail]", "+49 30 1234567": "[phone]", "10.20.30.40": "[address]"}
KEY = "a key that is kept"


def elements_seen(html: str) -> set[str]:
    """Return the elements that an HTML5 parser (html5ever) finds, and that run or load."""
    living = set(LIVING.split())
    kept = nh3.clean(html, tags=living, clean_content_tags=set(), attributes={}, link_rel=None)
    return set(re.findall(r"<([a-z]+)", kept))


def attributes_seen(html: str) -> set[str]:
    """Return the attributes that an HTML5 parser finds, and that run or load."""
    found: set[str] = set()

    def noted(_element: str, name: str, value: str) -> str:
        found.add(name)
        return value

    nh3.clean(
        html,
        tags=set(HARMLESS.split()) | set(LIVING.split()) - {"script"},
        clean_content_tags=set(),
        attributes={"*": ACTING},
        attribute_filter=noted,
        link_rel=None,
    )
    return found & ACTING


def test_there_are_as_many_payloads_as_are_promised_and_the_parser_tells_them() -> None:
    assert len(set(PAYLOADS)) == 150
    assert len(set(FORMULAS)) == 40
    assert len([each for each in PAYLOADS if elements_seen(each)]) >= 100
    assert {"onload", "onerror", "src"} <= attributes_seen(" ".join(PAYLOADS))


def test_a_parser_finds_nothing_in_a_page_of_every_section_that_runs_or_loads(
    page_of_everything: Path, hostile_everywhere: Review
) -> None:
    html = page_of_everything.read_text(encoding="utf-8")

    names = [each.name for each in hostile_everywhere.sections]
    assert {"journeys", "playbook-credit", "tag-distinctive", "playbook-funnel"} <= set(names)
    body = html.partition("<body>")[2]
    assert elements_seen(body) == {"svg"}
    assert attributes_seen(body) == set()
    assert set(Page(page_of_everything).elements) <= set(HARMLESS.split())
    assert [canary for canary in (BODY, *CANARIES) if canary in html] == []
    assert len(html) < 2_000_000


def test_pictures_and_manifest_of_a_folder_are_dead_too(of_hostile_data: Path) -> None:
    for path in sorted((of_hostile_data / "charts").glob("*.svg")):
        assert elements_seen(path.read_text(encoding="utf-8")) == {"svg"}, path.name
    told = (of_hostile_data / "review.json").read_text(encoding="utf-8")
    assert json.loads(told)["title"] == PAYLOADS[0]
    assert "<script" not in told


def test_numbers_of_every_section_are_dead_and_tell_nobody(
    hostile_everywhere: Review, tmp_path: Path
) -> None:
    folder = hostile_everywhere.csv(tmp_path / "numbers")
    book = hostile_everywhere.xlsx(tmp_path / "numbers.xlsx")

    cells = [cell for path in folder.iterdir() for cell in cells_of_a_csv(path, ",")]
    cells += texts_of_a_workbook(book)
    assert {path.stem for path in folder.iterdir()} == set(hostile_everywhere.numbers)
    assert [cell for cell in cells if LIVE.match(cell) and not NUMBER.fullmatch(cell)] == []
    assert [canary for canary in (BODY, *CANARIES) if canary in " ".join(cells)] == []


def told_by(folder: Path) -> str:
    """Return all text of all files of a folder, also of what is packed in them."""
    found = []
    for path in sorted(folder.rglob("*.*")):
        found.append(path.name)
        if path.suffix in (".pptx", ".xlsx"):
            with zipfile.ZipFile(path) as archive:
                found += [archive.read(name).decode("latin-1") for name in archive.namelist()]
        elif path.suffix == ".pdf":
            with pypdfium2.PdfDocument(path) as document:
                found += [page.get_textpage().get_text_bounded() for page in document]
                found += [str(document.get_metadata_dict())]
        else:
            found.append(path.read_bytes().decode("latin-1"))
    return "\n".join(found)


def talkative() -> Dataset[pl.DataFrame]:
    """Return the sample, with a canary in every body and addresses in every name and tag."""
    sample = da.load("data/sample")
    told = f"{BODY} {' '.join(ADDRESSES)}"
    named = {"name": pl.lit(f"Call {' or '.join(ADDRESSES)}")}
    tags = pl.col("tags").list.eval(
        pl.struct(
            name=pl.element().struct.field("name") + f" {' '.join(ADDRESSES)}",
            color=pl.element().struct.field("color"),
        )
    )
    said = sample.messages.with_columns(body=pl.lit(told), text=pl.lit(told))
    people: dict[str, Any] = {
        "users": sample.users.with_columns(name=pl.lit(CANARIES[0]), email=pl.lit(CANARIES[1])),
        "contacts": sample.contacts.with_columns(
            name=pl.lit(CANARIES[0]), email=pl.lit(CANARIES[1])
        ),
        "meetings": sample.meetings.with_columns(notes=pl.lit(told)),
    }
    return replace(
        sample,
        conversations=sample.conversations.with_columns(tags=tags),
        messages=said,
        playbooks=sample.playbooks.with_columns(**named),
        **people,
    )


@pytest.fixture(scope="module")
def all_files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Every kind of file; pictures of the sections that show names, numbers of all."""
    folder = tmp_path_factory.mktemp("files")
    data = talkative()
    drawn = ["playbooks", "tags", "journeys"]
    shown = Review(data, title="Everything", sections=drawn, pseudonyms=KEY)
    write_all(shown, ("html", "pdf", "pptx"), folder, lambda _done, _all: None)
    everything = Review(data, title="Everything", sections="all", pseudonyms=KEY)
    write_all(everything, ("csv", "xlsx"), folder, lambda _done, _all: None)
    return folder


def test_no_file_of_any_kind_has_a_body_a_name_or_an_address_of_anybody(all_files: Path) -> None:
    told = told_by(all_files)

    assert {path.suffix for path in all_files.rglob("*.*")} == {
        *(".html", ".json", ".png", ".svg", ".pdf", ".pptx", ".csv", ".xlsx"),
    }
    assert [canary for canary in (BODY, *CANARIES) if canary in told] == []
    assert [each for each in ADDRESSES if each in told] == []
    assert [mask for mask in ADDRESSES.values() if mask not in told] == []


def test_pseudonyms_are_in_every_file_and_no_id_is(all_files: Path) -> None:
    told = told_by(all_files)
    sample = da.load("data/sample")

    ids = {*sample.conversations["conversation_id"], *sample.users["user_id"]}
    numbers = set(re.findall(r"\d{5,}", told))
    assert [each for each in ids if str(each) in numbers] == []


def test_one_id_has_one_pseudonym_in_every_run_and_another_under_another_key() -> None:
    sample = da.load("data/sample")
    asked: dict[str, Any] = {"sections": ["ageing", "workload"]}

    one, again, late = (
        Review(sample, pseudonyms=KEY, **asked),
        Review(sample, pseudonyms=KEY, **asked),
        Review(sample, pseudonyms=KEY, period="last 4 weeks", **asked),
    )
    other = Review(sample, pseudonyms="another key", **asked)

    for name, column in (("ageing", "conversation_id"), ("workload", "user_id")):
        of = {each: set(each.numbers[name][column]) for each in (one, again, late, other)}
        assert of[one] == of[again]
        assert of[late] <= of[one]
        assert of[one] & of[other] == set()
