"""Count what syncs ask for, at the demo server, and write the table of docs/sync.md anew."""

from __future__ import annotations

import re
from pathlib import Path
from tempfile import TemporaryDirectory

import drift_analysis as da
from drift_analysis.demo import made, serving

PAGE = Path(__file__).with_name("sync.md")
SIZES = (100, 1000, 3000)
CHANGES = (0, 1, 10, 100)
PLACE = re.compile(r"(?<=<!-- counted -->\n\n).*?(?=\n\n<!-- end -->)", re.DOTALL)


def main() -> None:
    """Put the table into its place."""
    table = "\n".join([*header(), *(row(n) for n in SIZES)])
    text = PAGE.read_text(encoding="utf-8")
    PAGE.write_text(PLACE.sub(lambda _: table, text), encoding="utf-8")


def header() -> list[str]:
    """Return the first two lines of the table."""
    names = ["conversations", "first sync", "of it the list", "details", "messages", "others"]
    names += [f"{k} changed" for k in CHANGES]
    return [f"| {' | '.join(names)} |", "| " + " | ".join(["---:"] * len(names)) + " |"]


def row(n: int) -> str:
    """Sync so many conversations, then again after some have changed, and count at the server."""
    demo = made(n)
    with (
        TemporaryDirectory() as archive,
        serving(demo) as url,
        da.DriftClient("demo", base_url=url, requests_per_second=100_000) as client,
    ):
        da.sync(client, archive)
        paths = [each.path for each in demo.asked]
        counts = [
            len(paths),
            paths.count("/conversations/list"),
            sum(path.rpartition("/")[2].isdigit() for path in paths),
            sum(path.endswith("/messages") for path in paths),
        ]
        counts.append(counts[0] - sum(counts[1:]))
        for k in CHANGES:
            for conversation_id in list(demo.world.conversations)[:k]:
                demo.world.change(conversation_id, status="closed", says=1)
            demo.asked.clear()
            da.sync(client, archive)
            counts.append(len(demo.asked))
    return f"| {n:,} | {' | '.join(f'{count:,}' for count in counts)} |"


if __name__ == "__main__":
    main()
