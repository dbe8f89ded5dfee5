"""What each playbook is credited with, when several lie on the way to a conversion."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import polars as pl

from drift_analysis.errors import InputError
from drift_analysis.schemas import AttributionCredits, Journeys
from drift_analysis.schemas.base import as_given
from drift_analysis.schemas.journeys import ATTRIBUTION_MODELS

from ..arguments import require_length
from ..statistics.resampling import ESTIMATE, KEY, Draws, mixed
from .removal import removal_credits
from .rules import rule_credits

if TYPE_CHECKING:
    from collections.abc import Sequence

    from drift_analysis.schemas.base import Frame

__all__ = ["judged_journeys", "multi_touch_attribution"]


def multi_touch_attribution(
    journeys: Frame,
    *,
    model: str | Sequence[str],
    half_life: timedelta = timedelta(days=7),
    position: tuple[float, float] = (0.4, 0.4),
    n_boot: int = 0,
    seed: int = 0,
) -> Frame:
    """Divide conversions among the touches before them.

    Journeys that are not mature are left out: it is not known yet how they end. So are those
    without touches, which nothing can be credited for.

    Parameters
    ----------
    journeys
        A `Journeys` table, of `journeys` or your own.
    model
        One of these, or several:

        - ``first``, ``last``: the first or the last touch gets all;
        - ``linear``: every touch gets the same;
        - ``position``: the first and the last get the shares in `position`, those between them
          what is left, in equal parts;
        - ``time_decay``: a touch gets half of what one gets that is `half_life` later;
        - ``markov``: by the removal effects of a chain of touches, from all journeys, with and
          without a conversion;
        - ``shapley``: by Shapley's value of the game in which touches win together the journeys
          that consist of them: each different touch of a journey gets the same.
    half_life
        For ``time_decay``.
    position
        For ``position``. Of two touches they get their shares of the sum of both.
    n_boot
        How many times to draw the contacts anew for ``lo`` and ``hi``: 0 for no bounds, 200 or
        more for good ones.
    seed
        A whole number; the same one gives the same bounds.

    Returns
    -------
    :
        An `AttributionCredits` table, one row per model and touch: ``model``, ``touch``,
        ``credit``, ``share``, ``lo`` and ``hi`` (95 % percentiles of ``share``, null without a
        bootstrap). Of each model the credits add up to the conversions. Sorted by model, and the
        highest credit first.

    Raises
    ------
    SchemaError
        If `journeys` is no such table.
    InputError
        If an argument means nothing.

    Notes
    -----
    The bootstrap gives all journeys of a contact one random weight (D. B. Rubin, "The Bayesian
    bootstrap", 1981). A row without a contact stands for `n` contacts.

    References
    ----------
    E. Anderl et al., "Mapping the customer journey", International Journal of Research in
    Marketing 33 (2016), for removal effects; K. Zhao, S. H. Mahboobi and S. R. Bagheri, "Shapley
    value methods for attribution modeling in online advertising" (2018), for the closed form.

    Examples
    --------
    >>> import polars as pl
    >>> from drift_analysis.metrics.playbooks.multi_touch import multi_touch_attribution
    >>> from drift_analysis.schemas import Journeys
    >>> paths = [(["C1", "C2", "C3"], True), (["C1"], False), (["C2", "C3"], False)]
    >>> journeys = pl.DataFrame(
    ...     [
    ...         {"touches": touches, "converted": converted, "is_mature": True, "n": 1}
    ...         for touches, converted in paths
    ...     ],
    ...     schema=Journeys.schema(),
    ... )
    >>> found = multi_touch_attribution(journeys, model="markov")
    >>> found.select("touch", pl.col("credit").round(3))
    shape: (3, 2)
    ┌───────┬────────┐
    │ touch ┆ credit │
    │ ---   ┆ ---    │
    │ str   ┆ f64    │
    ╞═══════╪════════╡
    │ C2    ┆ 0.4    │
    │ C3    ┆ 0.4    │
    │ C1    ┆ 0.2    │
    └───────┴────────┘
    """
    require_length(half_life, "half_life")
    _require_position(position)
    _require_whole(n_boot, "n_boot=200", least=0)
    _require_whole(seed, "seed=1")
    rows = judged_journeys(Journeys.require(journeys).lazy())
    draws = Draws(n_boot, seed)
    if n_boot:
        rows = pl.concat([_of_contacts(rows), _of_many(rows)])
    found = []
    for name in _models(model):
        if name == "markov":
            credited = removal_credits(rows, draws)
        else:
            credited = rule_credits(rows, draws, model=name, half_life=half_life, position=position)
        found.append(_summed_up(rows, credited, draws).with_columns(model=pl.lit(name)))
    order = pl.col("credit").round(9)
    result = AttributionCredits.conform(pl.concat(found)).sort(
        "model", order, "touch", descending=[False, True, False]
    )
    return as_given(result, journeys)


def judged_journeys(journeys: pl.LazyFrame) -> pl.LazyFrame:
    """Return the journeys of which it is known how they end, and that have touches."""
    judged = pl.col("is_mature") & (pl.col("touches").list.len() > 0) & (pl.col("n") > 0)
    return journeys.filter(judged)


def _of_contacts(rows: pl.LazyFrame) -> pl.LazyFrame:
    """Give the journeys of each contact a key of their own."""
    return rows.filter(pl.col("contact_id").is_not_null()).with_columns(
        mixed(pl.col("contact_id")).alias(KEY)
    )


def _of_many(rows: pl.LazyFrame) -> pl.LazyFrame:
    """Give each of the journeys that one row stands for a key, in whichever order they came."""
    apart = (
        rows.filter(pl.col("contact_id").is_null())
        .sort("touches", "converted", "touched_at", "converted_at")
        .with_columns(pl.lit(1, pl.UInt32).repeat_by("n").alias("n"))
        .explode("n")
    )
    number = pl.int_range(pl.len(), dtype=pl.Int64)
    return apart.with_columns(mixed(-1 - number).alias(KEY))


def _summed_up(rows: pl.LazyFrame, credited: pl.LazyFrame, draws: Draws) -> pl.LazyFrame:
    """Return credit and share of every touch that was met, and the bounds of the share."""
    touches = rows.select(pl.col("touches").explode().alias("touch")).unique()
    credit, share, estimated = pl.col("credit"), pl.col("share"), pl.col("draw") == ESTIMATE
    total = credit.sum().over("draw")
    drawn = share.filter(~estimated)
    return (
        touches.join(credited, on="touch", how="left")
        .with_columns(pl.col(draws.names).fill_null(0.0))
        .unpivot(draws.names, index="touch", variable_name="draw", value_name="credit")
        .with_columns(
            pl.when(total.is_not_nan()).then(credit).alias("credit"),
            (credit / total).fill_nan(None).alias("share"),
        )
        .group_by("touch")
        .agg(
            credit.filter(estimated).first(),
            share.filter(estimated).first(),
            drawn.quantile(0.025, "linear").alias("lo"),
            drawn.quantile(0.975, "linear").alias("hi"),
        )
    )


def _models(model: str | Sequence[str]) -> list[str]:
    names = [model] if isinstance(model, str) else list(model)
    if wrong := [name for name in names or [""] if name not in ATTRIBUTION_MODELS]:
        name = "model"
        raise InputError.unknown_choice(name, wrong[0], ATTRIBUTION_MODELS)
    return list(dict.fromkeys(names))


def _require_whole(value: object, remedy: str, *, least: int | None = None) -> None:
    name = remedy.partition("=")[0]
    whole = isinstance(value, int) and not isinstance(value, bool)
    if not whole or (least is not None and value < least):  # type: ignore[operator]
        what = f"{name}={value!r} is no whole number{'' if least is None else f' from {least} on'}."
        raise InputError.of(what, "", f"{remedy}.")


def _require_position(position: object) -> None:
    match position:
        case (int() | float() as first, int() | float() as last):
            if first >= 0 and last >= 0 and 0 < first + last <= 1:
                return
    what = f"position={position!r} is not two shares."
    evidence = "They are those of the first and the last touch, together above 0 and at most 1."
    raise InputError.of(what, evidence, "position=(0.4, 0.4).")
