from __future__ import annotations

import json
import os
import runpy
import signal
import sys
from datetime import UTC, datetime
from pathlib import Path
from subprocess import PIPE, Popen
from time import sleep
from typing import TYPE_CHECKING

import pytest

import drift_analysis as da
from drift_analysis.cli import main
from drift_analysis.demo import made
from drift_analysis.demo import serving as serving_demo
from sources.loopback import TOKEN, Fault, organisation, serving, status

if TYPE_CHECKING:
    from collections.abc import Callable

    Run = Callable[..., tuple[int, str, str]]

ROOT = Path(__file__).parents[1]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run the command line as a shell does: exit code, standard output, standard error."""

    def running(*arguments: str | Path) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["drift-analysis", *map(str, arguments)])
        try:
            main()
        except SystemExit as end:
            code = end.code if isinstance(end.code, int) else 0
        else:
            code = 0
        return code, *capsys.readouterr()

    return running


@pytest.fixture
def export(tmp_path: Path) -> Path:
    """A small sound export."""
    folder = tmp_path / "export"
    da.sample.write(da.sample.generate(20, seed=1), folder)
    return folder


@pytest.fixture
def sound(tmp_path: Path) -> Path:
    record = {"id": 1, "status": "open", "createdAt": 1_767_600_000_000, "conversationTags": []}
    path = tmp_path / "sound.json"
    path.write_text(json.dumps({"data": record}), encoding="utf-8")
    return path


def test_review_writes_the_page_and_says_where(run: Run, export: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"

    code, output, errors = run(
        "review", export, "--out", out, "--title", "Ours", "--tz", "Asia/Tokyo"
    )

    assert code == 0
    assert errors == ""
    assert output.splitlines()[1:] == [
        f"Page:    {out / 'review.html'}",
        f"Charts:  {out / 'charts'}",
    ]
    assert output.startswith("Read 20 conversations and ")
    page = (out / "review.html").read_text(encoding="utf-8")
    assert "<h1>Ours</h1>" in page
    assert "(Asia/Tokyo)" in page


def test_review_takes_a_file_and_the_command_line_wins(
    run: Run, export: Path, tmp_path: Path
) -> None:
    out, file = tmp_path / "out", tmp_path / "review.toml"
    file.write_text(
        f'title = "Weekly"\nout = "{out.as_posix()}"\nsections = ["tags"]\nformats = ["csv"]\n',
        encoding="utf-8",
    )

    code, output, errors = run(
        *("review", export, "--config", file, "--section", "playbooks", "--from", "2000-01-01"),
        *("--compare", "1999-01-01/1999-12-31", "--format", "html, csv,xlsx,pdf,pptx"),
    )

    assert (code, errors) == (0, "")
    assert output.splitlines()[1:] == [
        f"Page:    {out / 'review.html'}",
        f"Charts:  {out / 'charts'}",
        f"Numbers: {out / 'numbers'}",
        f"Sheets:  {out / 'review.xlsx'}",
        f"Paper:   {out / 'review.pdf'}",
        f"Slides:  {out / 'review.pptx'}",
    ]
    assert [path.name for path in (out / "numbers").iterdir()] == ["playbooks.csv"]
    assert "<h1>Weekly</h1>" in (out / "review.html").read_text(encoding="utf-8")


def test_review_needs_a_folder_and_known_options(run: Run, export: Path, tmp_path: Path) -> None:
    code, _, errors = run("review", export)
    assert code == 2
    assert "Missing option '--out', on the command line or in a file." in " ".join(errors.split())

    code, _, errors = run("review", export, "--out", tmp_path, "--tag", "nowhere")
    assert code == 2
    assert errors.startswith("tags=['nowhere']: no conversation has one of these.\n")


def test_review_ends_with_0_when_the_page_was_written_whatever_could_not_be_read(
    run: Run, sound: Path, tmp_path: Path
) -> None:
    broken = sound.with_name("broken.ndjson")
    broken.write_text(sound.read_text(encoding="utf-8") + '\n{"data": {"id": 2', encoding="utf-8")

    code, output, _ = run("review", broken, "--out", tmp_path / "out")

    assert code == 0
    assert output.startswith("Read 1 conversation and 0 messages; 1 reject, ")
    assert "1 piece fits no table" in (tmp_path / "out" / "review.html").read_text("utf-8")


def test_the_help_says_what_each_end_means(run: Run) -> None:
    of_all = " ".join(run("--help")[1].split())
    of_review = " ".join(run("review", "--help")[1].split())

    assert (
        "Exit codes: 0 done; 1 done, but check or archive found rejects, or issues of severity "
        "warning or error, or fetch or sync misses replies; 2 it could not be done; 130 stopped."
        in of_all
    )
    assert "Ends with 0 when the page was written: what could not be read stands on it." in (
        of_review
    )


def test_check_ends_with_0_when_all_is_well(run: Run, sound: Path) -> None:
    code, output, errors = run("check", sound)

    assert code == 0
    assert errors == ""
    assert output.startswith("conversations       1\n")
    *_, rejects, findings = output.split("\n\n")
    assert rejects == "Rejects: 0"
    assert [line.partition(" in ")[0] for line in findings.splitlines()] == [
        "Findings: 4",
        "  warning: detail_without_messages",
        "  info: fetched_at_missing",
        "  info: no_webhook_log",
        "  info: updated_at_missing",
    ]


def test_check_ends_with_1_when_something_could_not_be_read(run: Run, sound: Path) -> None:
    broken = sound.with_name("broken.ndjson")
    broken.write_text(sound.read_text(encoding="utf-8") + '\n{"data": {"id": 2', encoding="utf-8")

    code, output, errors = run("check", broken)

    assert code == 1
    assert errors == ""
    assert "Rejects: 1\n" in output
    assert "1 x truncated (line 2)" in output


def test_check_and_review_take_an_archive(run: Run, sound: Path, tmp_path: Path) -> None:
    da.write_archive(da.load(sound), tmp_path / "kept")

    code, output, errors = run("check", tmp_path / "kept")
    reviewed = run("review", tmp_path / "kept", "--out", tmp_path / "review")

    assert (code, errors) == (0, "")
    assert output == run("check", sound)[1]
    assert reviewed[0] == 0
    assert (tmp_path / "review" / "review.html").is_file()


def test_check_takes_several_paths(run: Run, sound: Path) -> None:
    users = sound.with_name("users.json")
    users.write_text(
        '{"data": [{"id": 5, "orgId": 1, "name": "A", "bot": true}]}', encoding="utf-8"
    )

    code, output, _ = run("check", sound, users)

    assert code == 0
    assert "users               1\n" in output


@pytest.mark.parametrize("command", [["check"], ["review", "--out", "nowhere"]])
def test_a_missing_path_ends_with_2_and_three_lines(
    command: list[str], run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)

    code, output, errors = run(*command, "missing.json")

    assert (code, output) == (2, "")
    assert errors == (
        "missing.json: there is no such file or folder.\n"
        f"Looked in {tmp_path}.\n"
        "Try: an absolute path; for JSON in a variable, text.encode() or the parsed value.\n"
    )


def test_a_wrong_option_ends_with_2(run: Run) -> None:
    code, output, errors = run("check", "--nonsense")

    assert (code, output) == (2, "")
    assert "No such option: --nonsense" in errors


def test_without_a_path_the_sample_of_the_checkout_is_taken(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(ROOT)

    code, output, errors = run("check")

    assert code == 1
    assert errors == f"No path was given: taking the sample in {Path('data/sample')}.\n"
    assert output.startswith("conversations       400\n")


def test_without_a_path_and_a_checkout_a_sample_is_made(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)

    _, output, errors = run("check")

    assert errors == "No path was given: taking a sample made for the occasion.\n"
    assert output.startswith("conversations       300\n")


def test_archive_adds_what_it_names_and_says_what_the_archive_holds(
    run: Run, sound: Path, tmp_path: Path
) -> None:
    first = run("archive", sound, tmp_path / "kept", "--fetched-at", "2026-06-01T10:00:00Z")
    broken = sound.with_name("broken.ndjson")
    broken.write_text(sound.read_text(encoding="utf-8") + '\n{"data": {"id": 2', encoding="utf-8")
    second = run("archive", broken, tmp_path / "kept")

    code, output, errors = first
    assert (code, errors) == (0, "")
    assert output.startswith("conversations       1\nmessages            0\n")
    assert output.endswith(f"\n\nRejects: 0\n\nIssues: 0\n\nArchive: {tmp_path / 'kept'}\n")
    kept = da.scan_archive(tmp_path / "kept")
    assert kept.conversations.select("fetched_at").collect().item() == datetime(
        2026, 6, 1, 10, tzinfo=UTC
    )
    assert second[0] == 1
    assert "\nRejects: 1\n" in second[1]
    assert "1 x truncated (line 2)" in second[1]


def test_archive_that_is_strict_ends_with_2_and_adds_nothing(
    run: Run, sound: Path, tmp_path: Path
) -> None:
    broken = sound.with_name("broken.ndjson")
    broken.write_text(sound.read_text(encoding="utf-8") + '\n{"data": {"id": 2', encoding="utf-8")

    code, output, errors = run("archive", broken, tmp_path / "kept", "--strict")

    assert (code, output) == (2, "")
    assert len(errors.splitlines()) == 3
    assert not (tmp_path / "kept" / "archive.json").exists()


@pytest.mark.parametrize(
    ("moment", "words"),
    [("yesterday", "it is no moment such as"), ("2026-06-01", "fetched_at has no time zone.")],
)
def test_a_moment_that_is_none_ends_with_2(
    moment: str, words: str, run: Run, sound: Path, tmp_path: Path
) -> None:
    code, output, errors = run("archive", sound, tmp_path / "kept", "--fetched-at", moment)

    assert (code, output) == (2, "")
    assert words in errors


def test_sample_writes_what_load_reads(run: Run, tmp_path: Path) -> None:
    out = tmp_path / "made"

    code, output, errors = run("sample", "--out", out, "--n", "7", "--seed", "3")

    assert (code, output, errors) == (0, f"Sample:  {out}\n", "")
    assert da.load(out).conversations.height == 7


def test_fetch_saves_replies_that_load_reads(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DRIFT_TOKEN", TOKEN)
    out = tmp_path / "fetched"

    with serving(organisation(3)) as url:
        code, output, errors = run("fetch", "--out", out, "--base-url", url)

    assert (code, errors) == (0, "")
    assert output.startswith("Fetched 3 conversations (3 in detail) and 6 messages: ")
    assert output.endswith(f"Replies: {out}\n")
    assert da.load(out).messages.height == 6


def test_fetch_can_leave_details_and_messages_out(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DRIFT_TOKEN", TOKEN)

    with serving(organisation(3)) as url:
        _, output, _ = run(
            "fetch", "--out", tmp_path / "f", "--base-url", url, "--no-details", "--no-messages"
        )

    assert output.startswith("Fetched 3 conversations (0 in detail) and 0 messages: ")


def test_fetch_without_a_token_ends_with_2(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("DRIFT_TOKEN", raising=False)

    code, output, errors = run("fetch", "--out", tmp_path / "f")

    assert (code, output) == (2, "")
    assert "DRIFT_TOKEN" in errors
    assert len(errors.splitlines()) <= 3


def test_fetch_that_misses_something_ends_with_1_and_never_shows_the_token(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DRIFT_TOKEN", TOKEN)
    drift = organisation(2)
    drift.faults = [Fault("/conversations/1/messages", status(404))]

    with serving(drift) as url:
        code, output, errors = run("fetch", "--out", tmp_path / "f", "--base-url", url)

    assert code == 1
    assert "conversation 1" in errors
    assert "Try: " in errors
    assert TOKEN not in output + errors


def test_the_token_is_no_option(run: Run, tmp_path: Path) -> None:
    code, _, errors = run("fetch", "--out", tmp_path, "--token", "x")

    assert code == 2
    assert "No such option" in errors


def test_it_runs_as_a_module(
    sound: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["drift_analysis", "check", str(sound)])

    with pytest.raises(SystemExit) as end:
        runpy.run_module("drift_analysis", run_name="__main__")

    assert end.value.code == 0
    assert capsys.readouterr().out.startswith("conversations       1\n")


def test_sync_brings_an_archive_up_to_date(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DRIFT_TOKEN", "demo")
    archive = tmp_path / "archive"

    with serving_demo(made(20)) as url:
        given = ["sync", archive, "--base-url", url, "--per-second", "5000"]
        first, second = run(*given), run(*given, "--since", "2026-01-01T00:00:00Z")

    found = da.scan_archive(archive)
    messages = found.messages.collect().height
    assert found.conversations.collect().height == 20
    assert first == (
        0,
        f"Fetched 20 changed conversations with {messages} messages, in 44 requests.\n"
        f"Archive: {archive}\n",
        "",
    )
    assert second[1].startswith("Fetched 0 changed conversations with 0 messages, in 1 request.")


def test_sync_that_misses_something_ends_with_1(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DRIFT_TOKEN", "demo")

    with serving_demo(made(3, faults=["403:/users/list"])) as url:
        code, output, errors = run("sync", tmp_path, "--base-url", url, "--per-second", "5000")

    assert (code, output) == (1, "")
    assert "  the users: The token is wrong, or may not read this." in errors


def test_sync_that_is_stopped_says_how_to_go_on(tmp_path: Path) -> None:
    demo = made(60)
    command = [sys.executable, "-m", "drift_analysis", "sync", str(tmp_path / "archive")]
    environment = os.environ | {"DRIFT_TOKEN": "demo"}

    with serving_demo(demo) as url:
        options = ["--base-url", url, "--per-second", "100"]
        with Popen([*command, *options], env=environment, stderr=PIPE, text=True) as process:
            while len(demo.asked) < 20 and process.poll() is None:
                sleep(0.01)
            process.send_signal(signal.SIGINT)
            _, errors = process.communicate()

    assert process.returncode == 130
    assert errors.endswith(
        f"The sync of '{tmp_path / 'archive'}' was stopped.\n"
        "What was fetched is kept beside the archive.\n"
        "Try: the same sync again; it goes on from there.\n"
    )
    assert "Traceback" not in errors
    assert (tmp_path / "archive" / "_sync" / "journal").stat().st_size > 0


def test_the_demo_server_says_where_it_is_and_ends_with_ctrl_c() -> None:
    command = [sys.executable, "-u", "-m", "drift_analysis", "demo-server", "--port", "0"]

    with Popen([*command, "--n", "3"], stdout=PIPE, stderr=PIPE, text=True) as process:
        assert process.stdout is not None
        lines = [process.stdout.readline() for _ in range(3)]
        url = lines[0].split()[1]
        with da.DriftClient("demo", base_url=url) as client:
            assert client.fetch_conversations(details=False).height == 3
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate()

    assert lines[1:] == ["Token:   demo\n", "Ctrl-C ends it.\n"]
    assert (process.returncode, errors) == (0, "")
