"""Credit for conversions: by hand, oracles, another package, references, and laws."""

from __future__ import annotations

import json
import random
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from mam.core import MAM
from polars.testing import assert_frame_equal

from builders import table
from drift_analysis.errors import InputError, SchemaError
from drift_analysis.metrics import multi_touch_attribution
from drift_analysis.metrics.statistics.resampling import mixed
from drift_analysis.schemas import AttributionCredits, Journeys
from drift_analysis.schemas.journeys import ATTRIBUTION_MODELS
from metrics.references import journeys as plainly

if TYPE_CHECKING:
    from collections.abc import Sequence

ORACLE = {
    case["id"]: case
    for case in json.loads(Path("tests/oracles/vectors_attribution.json").read_text())
}
START = datetime(2026, 1, 1, tzinfo=UTC)
RULES = [name for name in ATTRIBUTION_MODELS if name != "time_decay"]


def walked(*rows: tuple[Sequence[str], bool], **more: Any) -> pl.DataFrame:
    """Build journeys of contacts 1, 2 and so on, with a touch on each day."""
    return table(
        Journeys,
        [
            {
                "contact_id": n,
                "touches": list(touches),
                "touched_at": [START + timedelta(days=day) for day in range(len(touches))],
                "converted": converted,
                **more,
            }
            for n, (touches, converted) in enumerate(rows, 1)
        ],
        is_mature=True,
        n=1,
    )


def counted(paths: Sequence[plainly.Path]) -> pl.DataFrame:
    """Build journeys that stand for many: touches, how many converted, how many did not."""
    return table(
        Journeys,
        [
            {"touches": touches, "converted": converted, "n": n}
            for touches, won, lost in paths
            for converted, n in ((True, won), (False, lost))
        ],
        is_mature=True,
    )


def credit(frame: pl.DataFrame, model: str, **more: Any) -> dict[str, float]:
    found = multi_touch_attribution(frame, model=model, **more)
    return dict(AttributionCredits.checked(found).select("touch", "credit").iter_rows())


@pytest.mark.parametrize("case", ["analyzecore_part1", "eeghor_ab_ac"])
def test_removal_effects_divide_conversions_as_published(case: str) -> None:
    assert credit(counted(ORACLE[case]["paths"]), "markov") == pytest.approx(
        ORACLE[case]["attributed"], abs=1e-12
    )


@pytest.mark.parametrize("case", ["analyzecore_part1", "eeghor_ab_ac"])
def test_the_plain_reference_has_the_published_chances_and_removal_effects(case: str) -> None:
    told = ORACLE[case]
    counts = plainly.chain(told["paths"])
    whole = plainly.chance(counts)

    assert whole == pytest.approx(told["p_conv"])
    effects = {touch: 1 - plainly.chance(counts, touch) / whole for touch in told["attributed"]}
    assert effects == pytest.approx(told["removal_effect"])
    for step, expected in told.get("transitions", {}).items():
        here, there = step.replace("conv", "(won)").split("->")
        assert counts[here][there] / sum(counts[here].values()) == pytest.approx(expected)


def test_two_touches_divide_what_their_positions_say() -> None:
    case = ORACLE["position_two_touch"]
    frame = counted(case["paths"])

    assert credit(frame, "position") == pytest.approx(case["position_40_40"])
    assert credit(frame, "position", position=(0.3, 0.7)) == pytest.approx(case["position_30_70"])


@pytest.mark.parametrize("case", ORACLE["shapley_small"]["cases"], ids=["two", "four"])
def test_touches_that_win_together_share_alike(case: dict[str, Any]) -> None:
    assert credit(counted(case["paths"]), "shapley") == pytest.approx(case["shapley"])


@pytest.mark.parametrize(
    ("model", "expected"),
    [
        pytest.param("first", {"a": 1, "b": 0, "c": 0}, id="first"),
        pytest.param("last", {"a": 0, "b": 0, "c": 1}, id="last"),
        pytest.param("linear", {"a": 1 / 4, "b": 1 / 2, "c": 1 / 4}, id="linear"),
        pytest.param("position", {"a": 0.4, "b": 0.2, "c": 0.4}, id="position"),
        pytest.param("time_decay", {"a": 1 / 15, "b": 6 / 15, "c": 8 / 15}, id="time_decay"),
        pytest.param("markov", {"a": 1 / 3, "b": 1 / 3, "c": 1 / 3}, id="markov"),
        pytest.param("shapley", {"a": 1 / 3, "b": 1 / 3, "c": 1 / 3}, id="shapley"),
    ],
)
def test_each_model_divides_one_conversion(model: str, expected: dict[str, float]) -> None:
    frame = walked(("abbc", True))

    # A half-life of a day: the days weigh 1, 2, 4 and 8.
    assert credit(frame, model, half_life=timedelta(days=1)) == pytest.approx(expected)


def test_what_is_too_young_to_judge_is_no_failure() -> None:
    judged = walked(("ab", True), ("a", False), ("b", True))
    young = walked(("b", False), ("c", False), is_mature=False)

    for model in ATTRIBUTION_MODELS:
        assert credit(pl.concat([judged, young]), model) == credit(judged, model)
    assert credit(judged, "markov") != credit(
        pl.concat([judged, young.with_columns(is_mature=True)]), "markov"
    )


def test_journeys_without_a_conversion_tell_the_chain_which_touches_lead_nowhere() -> None:
    found = credit(walked(("ab", True), ("a", False), ("a", False), ("c", False)), "markov")

    # Whoever converts passes both; losing c costs nothing.
    assert found == pytest.approx({"a": 0.5, "b": 0.5, "c": 0})


def test_a_conversion_without_touches_is_credited_to_nothing() -> None:
    frame = walked(("", True), ("a", True))

    assert credit(frame, "linear") == {"a": 1}


def test_a_touch_that_comes_twice_in_a_row_changes_no_removal_effect() -> None:
    once, twice = (
        walked((path, True), ("b", False), ("ac", False), ("cb", True)) for path in ("ab", "aaab")
    )

    assert credit(once, "markov") == pytest.approx(credit(twice, "markov"))


def test_without_conversions_there_is_no_credit_and_no_share() -> None:
    for model in ATTRIBUTION_MODELS:
        found = multi_touch_attribution(walked(("ab", False)), model=model, n_boot=9)

        assert found.select("touch", "credit", "share", "lo", "hi").rows() == [
            ("a", 0, None, None, None),
            ("b", 0, None, None, None),
        ]


@pytest.mark.parametrize(
    "moments",
    [
        pytest.param(None, id="none"),
        pytest.param([START, None], id="one of two"),
        pytest.param([START], id="too few"),
    ],
)
def test_without_the_moments_of_touches_nothing_decays(moments: list[datetime] | None) -> None:
    dated = walked(("ab", True))
    given = pl.lit(pl.Series([moments], dtype=pl.List(pl.Datetime("ms", "UTC"))))
    undated = walked(("bc", True)).with_columns(given.alias("touched_at"))

    found = multi_touch_attribution(pl.concat([dated, undated]), model="time_decay", n_boot=5)

    assert found["touch"].to_list() == ["a", "b", "c"]
    assert found.select("credit", "share", "lo", "hi").null_count().row(0) == (3, 3, 3, 3)


def test_several_models_stand_one_after_the_other_and_the_highest_credit_first() -> None:
    found = multi_touch_attribution(walked(("ab", True), ("cb", True)), model=("last", "first"))

    assert found.select("model", "touch", "credit").rows() == [
        *(("first", "a", 1), ("first", "c", 1), ("first", "b", 0)),
        *(("last", "b", 2), ("last", "a", 0), ("last", "c", 0)),
    ]


def test_of_a_plan_any_part_can_be_asked_for() -> None:
    plan = multi_touch_attribution(
        walked(("ab", True), ("cb", True), ("c", False)).lazy(), model=ATTRIBUTION_MODELS, n_boot=3
    )

    mine = plan.filter(pl.col("touch") == "c").select("credit").head(7)

    assert_frame_equal(
        mine.collect(), plan.collect().filter(pl.col("touch") == "c").select("credit")
    )


names = st.sampled_from("abcd")
paths = st.lists(
    st.tuples(st.lists(names, min_size=1, max_size=5), st.integers(0, 4), st.integers(0, 4)),
    min_size=1,
    max_size=8,
)


@given(paths)
@settings(deadline=None, max_examples=50)
def test_chains_and_games_give_what_a_patient_reader_would_work_out(
    rows: list[tuple[list[str], int, int]],
) -> None:
    walks: list[plainly.Path] = [row for row in rows if row[1] + row[2]]

    assert credit(counted(walks), "markov") == pytest.approx(plainly.markov(walks), abs=1e-9)
    assert credit(counted(walks), "shapley") == pytest.approx(plainly.shapley(walks), abs=1e-9)


@given(paths)
@settings(deadline=None, max_examples=30)
def test_credits_add_up_to_the_conversions(rows: list[tuple[list[str], int, int]]) -> None:
    conversions = sum(won for _, won, _ in rows)
    met = {touch for touches, won, lost in rows if won + lost for touch in touches}

    found = multi_touch_attribution(counted(rows), model=RULES)

    for model in RULES:
        mine = found.filter(pl.col("model") == model)
        assert mine["credit"].sum() == pytest.approx(conversions)
        assert set(mine["touch"]) == met
        assert (mine["credit"] >= -1e-12).all()


walks = st.lists(st.tuples(st.text("abc", min_size=1, max_size=4), st.booleans()), max_size=10)


@given(walks)
@settings(deadline=None, max_examples=20)
def test_credits_of_all_seven_models_add_up_where_moments_are_known(
    rows: list[tuple[str, bool]],
) -> None:
    found = multi_touch_attribution(walked(*rows), model=ATTRIBUTION_MODELS)
    won = sum(converted for _, converted in rows)

    assert len(ATTRIBUTION_MODELS) == 7
    sums = dict(found.group_by("model").agg(pl.col("credit").sum()).iter_rows())
    assert sums == pytest.approx(dict.fromkeys(ATTRIBUTION_MODELS, won) if rows else {})


@given(walks)
@settings(deadline=None, max_examples=20)
def test_neither_order_nor_the_engine_matter(rows: list[tuple[str, bool]]) -> None:
    frame = walked(*rows).with_columns(pl.col("contact_id") // 2)
    options: Any = {"model": ATTRIBUTION_MODELS, "n_boot": 5}
    expected = multi_touch_attribution(frame, **options)

    shuffled = frame.sample(fraction=1, shuffle=True, seed=1)
    assert_frame_equal(multi_touch_attribution(shuffled, **options), expected)
    lazy = multi_touch_attribution(frame.lazy(), **options)
    assert_frame_equal(lazy.collect(), expected)
    assert_frame_equal(lazy.collect(engine="streaming"), expected)


@given(paths)
@settings(deadline=None, max_examples=20)
def test_a_row_that_stands_for_many_is_as_good_as_many_rows(
    rows: list[tuple[list[str], int, int]],
) -> None:
    packed = counted(rows)
    options: Any = {"model": RULES, "n_boot": 5}

    apart = packed.with_columns(pl.lit(1, pl.UInt32).repeat_by("n").alias("n")).explode("n")

    assert_frame_equal(
        multi_touch_attribution(apart.drop_nulls("n"), **options),
        multi_touch_attribution(packed, **options),
    )


@pytest.mark.filterwarnings("ignore")
def test_another_package_gives_the_same() -> None:
    draw = random.Random(7)
    sizes = [draw.randint(1, 6) for _ in range(300)]
    routes = [draw.choices("abcde", k=size) for size in sizes]
    won = [draw.random() < (0.6 if "e" in path else 0.3) for path in routes]
    frame = walked(*((path, end) for path, end in zip(routes, won, strict=True)))
    theirs = MAM(
        pl.DataFrame(
            {
                "journey_id": [str(n) for n in range(300)],
                "journey": [" > ".join(path) for path in routes],
                "won": won,
                "time": [" > ".join(str(24 * k) for k in reversed(range(s))) for s in sizes],
            }
        ),
        *("journey", "journey", "won"),
        user_id_colname="journey_id",
        time_till_conv_colname="time",
    )

    effects = theirs.run_markov().metadata["removal_effect"]["removal_effect"]
    shares = {name: effects[name] / sum(effects) * sum(won) for name in "abcde"}
    assert credit(frame, "markov") == pytest.approx(shares, abs=1e-9)
    for model, run in [
        ("first", theirs.run_first_click()),
        ("last", theirs.run_last_click()),
        ("linear", theirs.run_linear()),
        ("position", theirs.run_position_based()),
        ("time_decay", theirs.run_time_decay(half_life_hours=168)),
    ]:
        assert credit(frame, model) == pytest.approx(dict(run.to_polars().iter_rows()), abs=1e-9)


def share(frame: pl.DataFrame, **more: Any) -> tuple[Any, ...]:
    options: Any = {"model": "linear", "n_boot": 400, **more}
    found = multi_touch_attribution(frame, **options).filter(pl.col("touch") == "a")
    return found.select("share", "lo", "hi").row(0)


def test_the_bounds_are_those_of_the_draws() -> None:
    frame = walked(*[("a", True)] * 30, *[("b", True)] * 70)

    # The share is then drawn from a beta distribution of 30 and 70.
    assert share(frame, n_boot=2000) == pytest.approx((0.3, 0.2147, 0.3929), abs=0.015)


def test_contacts_are_drawn_and_not_journeys() -> None:
    many = walked(*[("a", True)] * 50, *[("b", True)] * 50)
    two = many.with_columns(contact_id=pl.when(pl.col("contact_id") <= 50).then(1).otherwise(2))

    _, lo, hi = share(two.with_columns(pl.col("contact_id").cast(pl.Int64)))

    # Of two contacts each weighs anything: the share is uniform.
    assert (lo, hi) == pytest.approx((0.025, 0.975), abs=0.03)
    assert share(many)[2] - share(many)[1] < 0.25


def test_the_seed_decides_and_without_draws_there_are_no_bounds() -> None:
    frame = walked(*[("a", True)] * 5, *[("b", True)] * 5)

    assert share(frame, seed=1) == share(frame, seed=1) != share(frame, seed=2)
    assert list(share(frame, n_boot=0)) == [0.5, None, None]


def test_keys_are_scattered_as_the_generator_was_published() -> None:
    # The first three numbers of SplitMix64 from seed 0.
    steps = [k * 0x9E3779B97F4A7C15 % 2**64 for k in (1, 2, 3)]
    keys = pl.Series(steps, dtype=pl.UInt64).reinterpret(signed=True).alias("key").to_frame()

    assert keys.select(mixed(pl.col("key"))).to_series().to_list() == [
        *(0xE220A8397B1DCDAF, 0x6E789E6AA1B965F4, 0x06C45D188009454F),
    ]


def test_nothing_in_gives_the_whole_schema_out() -> None:
    for n_boot in (0, 3):
        none = multi_touch_attribution(Journeys.empty(), model=ATTRIBUTION_MODELS, n_boot=n_boot)
        assert_frame_equal(none, AttributionCredits.empty())


def refusal(error: type[Exception] = InputError, **options: Any) -> str:
    with pytest.raises(error) as caught:
        multi_touch_attribution(**{"journeys": Journeys.empty(), "model": "first", **options})
    return str(caught.value)


def test_what_means_nothing_is_refused() -> None:
    choices = "'first', 'last', 'linear', 'position', 'time_decay', 'markov', 'shapley'"
    assert refusal(model="u-shaped") == (
        f"model='u-shaped' is not a choice.\nTry: one of {choices}."
    )
    assert refusal(model=[]) == f"model='' is not a choice.\nTry: one of {choices}."
    assert refusal(half_life=7).startswith("half_life=7 is no length of time above 0.\n")
    assert refusal(n_boot=-1) == "n_boot=-1 is no whole number from 0 on.\nTry: n_boot=200."
    assert refusal(seed=0.5) == "seed=0.5 is no whole number.\nTry: seed=1."
    for position in ((0.6, 0.6), (0, 0), (-0.1, 0.5), 0.4, (0.4, 0.2, 0.4)):
        assert refusal(position=position) == (
            f"position={position!r} is not two shares.\n"
            "They are those of the first and the last touch, together above 0 and at most 1.\n"
            "Try: position=(0.4, 0.4)."
        )
    assert refusal(SchemaError, journeys=pl.DataFrame()).startswith(
        "Journeys: missing 'contact_id'"
    )
