"""The textbook models of the detection benchmark, against published values and the hypergeometric form."""

import numpy as np
import pytest
from scipy.special import gammaln, hyp2f1

from benchmarks.replay.btyd import Customers, Fit, Model, bg_nbd, fit, mbg_cnbd, pareto_nbd
from benchmarks.replay.histories import Floats


def customers(*rows: tuple[float, float, float]) -> Customers:
    """Rows: repeat orders, time of the last, time observed."""
    repeats, last, observed = np.array(rows, dtype=float).T
    return Customers(repeats, last, observed, np.zeros(len(repeats)))


def hypergeometric_log_likelihood(parameters: Floats, who: Customers) -> Floats:
    """Pareto/NBD as Fader and Hardie write it, for alpha above beta."""
    r, alpha, s, beta = parameters
    total = r + s + who.repeats

    def part(time: Floats) -> Floats:
        return np.asarray(hyp2f1(total, s + 1, total + 1, (alpha - beta) / (alpha + time)) / (alpha + time) ** total)

    alive = (alpha + who.observed) ** -(r + who.repeats) * (beta + who.observed) ** -s
    gone = s / total * (part(who.last) - part(who.observed))
    front = gammaln(r + who.repeats) - gammaln(r) + r * np.log(alpha) + s * np.log(beta)
    return np.asarray(front + np.log(alive + gone))


def test_pareto_nbd_agrees_with_its_hypergeometric_form() -> None:
    who = customers((0, 0, 38.9), (2, 30.43, 38.86), (1, 1.71, 38.86), (26, 30.86, 31.0))
    for parameters in ([0.553, 10.578, 0.606, 9.0], [2.0, 20.0, 1.5, 3.0]):
        shared, alive, gone = pareto_nbd(np.array(parameters), who)
        assert shared + np.logaddexp(alive, gone) == pytest.approx(
            hypergeometric_log_likelihood(np.array(parameters), who), rel=1e-6
        )


def test_bg_nbd_gives_the_published_chance_of_the_example_customer() -> None:
    """Fader, Hardie and Lee (2005): CDNOW parameters; customer 0001 (x = 2, t_x = 30.43, T = 38.86)."""
    found = fit_of(bg_nbd, [0.243, 4.414, 0.793, 2.426])
    gone, _ = found.chances(customers((2, 30.43, 38.86)), np.array([39.0]))
    # P(alive) = 1 / (1 + a / (b + x - 1) ((alpha + T) / (alpha + t_x))^(r + x)), by hand from the paper's formula.
    assert 1 - gone == pytest.approx([1 / (1 + 0.793 / 3.426 * (43.274 / 34.844) ** 2.243)])
    assert 1 - gone == pytest.approx([0.726], abs=0.001)


def test_bg_nbd_customer_without_a_repeat_is_alive() -> None:
    gone, none = fit_of(bg_nbd, [0.243, 4.414, 0.793, 2.426]).chances(customers((0, 0, 38.86)), np.array([39.0]))
    assert gone == [0]
    assert none == pytest.approx([(43.274 / 82.274) ** 0.243])


def test_mbg_cnbd_of_one_differs_from_bg_nbd_by_one_chance_to_leave() -> None:
    who, parameters = customers((2, 30.43, 38.86), (7, 10.0, 20.0)), np.array([0.5, 4.0, 0.8, 2.4])
    _, alive, gone = mbg_cnbd(1)(parameters, who)
    _, alive_bg, gone_bg = bg_nbd(parameters, who)
    assert alive == pytest.approx(alive_bg)
    assert np.exp(gone - gone_bg) == pytest.approx((2.4 + who.repeats - 1) / (2.4 + who.repeats))


def test_silence_is_the_survival_of_an_erlang_gap_when_nobody_leaves() -> None:
    """With a near 0 and a rate known for sure, P(no order in H) is a ratio of two Erlang survivals."""
    k, rate, silence, horizon = 3, 0.5, 4.0, 6.0
    sure = 1e6  # r and alpha of a rate that does not vary
    found = fit_of(mbg_cnbd(k), [sure, sure / rate, 1e-12, 1.0])
    _, none = found.chances(customers((4, 20.0, 24.0)), np.array([horizon]))

    def survival(time: float) -> float:
        return sum((rate * time) ** j / float(np.exp(gammaln(j + 1))) for j in range(k)) * float(np.exp(-rate * time))

    assert none == pytest.approx([survival(silence + horizon) / survival(silence)], rel=1e-3)


@pytest.mark.parametrize("model", [bg_nbd, pareto_nbd, mbg_cnbd(2)])
def test_chances_grow_with_silence_and_horizon(model: Model) -> None:
    found = fit_of(model, [0.6, 6.0, 0.7, 8.0])
    who = customers(*((5, 20.0, observed) for observed in (20.0, 24.0, 30.0, 60.0)))
    gone, none = found.chances(who, np.full(4, 5.0))
    assert (np.diff(gone) > 0).all()
    if model in (bg_nbd, pareto_nbd):  # a regular customer is the likelier to order the nearer its day is
        assert (np.diff(none) > 0).all()
    assert (found.chances(who, np.full(4, 9.0))[1] < none).all()
    assert (gone <= none).all()


def test_fit_recovers_a_simulated_portfolio() -> None:
    rng = np.random.default_rng(3)
    rate, stop, observed = rng.gamma(2, 1 / 8, 3_000), rng.beta(0.8, 4, 3_000), rng.uniform(30, 80, 3_000)
    repeats, last = np.zeros((2, 3_000))
    for place in range(3_000):
        at = rng.exponential(1 / rate[place])
        while at < observed[place]:
            repeats[place], last[place] = repeats[place] + 1, at
            if rng.random() < stop[place]:
                break
            at += rng.exponential(1 / rate[place])
    found = fit((bg_nbd,), Customers(repeats, last, observed, np.zeros(3_000)))
    assert found.parameters[:2] == pytest.approx([2, 8], rel=0.15)
    assert found.parameters[2] / found.parameters[2:].sum() == pytest.approx(0.8 / 4.8, rel=0.15)
    assert not found.at_bound


def fit_of(model: Model, parameters: list[float]) -> Fit:
    return Fit(model, np.array(parameters), 0.0, at_bound=False)
