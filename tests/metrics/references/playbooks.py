"""The lift of playbooks, slow and obvious."""

from __future__ import annotations

from typing import Any

from scipy.stats import fisher_exact
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.proportion import confint_proportions_2indep


def lift(rows: list[dict[str, Any]], outcome: str, against: str | int) -> list[dict[str, Any]]:
    known = [row for row in rows if row["attribution"] != "unknown"]
    found = []
    for row in known:
        if row["attribution"] == "none" or row["playbook_id"] == against:
            continue
        if against == "rest":
            others = [other for other in known if other is not row]
        elif against == "none":
            others = [other for other in known if other["attribution"] == "none"]
        else:
            others = [other for other in known if other["playbook_id"] == against]
        loaded = [other for other in others if other[outcome] is not None]
        x, n = row[outcome], row["conversations"]
        y, m = sum(other[outcome] for other in loaded), sum(o["conversations"] for o in loaded)
        new: dict[str, Any] = {"playbook_id": row["playbook_id"], "x": x, "n": n, "y": y, "m": m}
        if x is not None and m > 0:
            new["difference"] = x / n - y / m
            new["bounds"] = confint_proportions_2indep(x, n, y, m, method="newcomb")
            new["ratio"] = x / n / (y / m) if y else None
            new["p"] = fisher_exact([[x, n - x], [y, m - y]])[1]
        found.append(new)
    asked = [new for new in found if "p" in new]
    if asked:
        for new, q in zip(
            asked, multipletests([n["p"] for n in asked], method="fdr_bh")[1], strict=True
        ):
            new["q"] = q
    return sorted(found, key=lambda new: (-new["n"], new["playbook_id"]))
