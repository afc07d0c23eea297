"""Logistic regression and gradient boosting on recency and frequency, trained on the same past as everyone else."""

from typing import Any

import numpy as np
import pandas as pd
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from benchmarks.replay.histories import WINDOWS, Floats

# Fewer of either kind teach a learner nothing; such days are left out of comparisons with it.
LEARNERS = ("logistic", "gradient boosting")
LEAST_GONE = 30
SEED = 7


def features(rows: pd.DataFrame) -> pd.DataFrame:
    """Return recency, frequency and regularity in logs: what a good analyst would hand to a learner."""
    silence = np.log1p(rows["silence"])
    usual = {name: np.log(rows[name].clip(lower=0.5)) for name in ("mean_gap", "median_gap", "p90_gap", "recent_gap")}
    counts = {f"orders_{span}": np.log1p(rows[f"orders_{span}"]) for span in WINDOWS}
    expected = {
        f"pace_{span}": counts[f"orders_{span}"] - np.log1p(rows["age"].clip(upper=span) / rows["mean_gap"])
        for span in WINDOWS
    }
    late = {f"late_{name}": silence - log for name, log in usual.items()}
    rest = {
        "silence": silence,
        "age": np.log(rows["age"].clip(lower=1)),
        "orders": np.log(rows["orders"]),
        "gap": np.log(rows["gap"].clip(lower=0.5)),
        "spread": rows["spread"].fillna(0),
        "horizon": np.log(rows["horizon"]),
    }
    return pd.DataFrame({**rest, **usual, **late, **counts, **expected}, index=rows.index)


def train(past: pd.DataFrame) -> dict[str, Any]:
    """Train both on past cases whose outcome is known; nothing where they are too few."""
    gone = past["gone"].to_numpy(bool)
    if min(gone.sum(), (~gone).sum()) < LEAST_GONE:
        return {}
    logistic = make_pipeline(StandardScaler(), LogisticRegression(C=0.1, max_iter=2000))
    trees = HistGradientBoostingClassifier(
        learning_rate=0.03, max_iter=150, max_leaf_nodes=6, min_samples_leaf=50, l2_regularization=5, random_state=SEED
    )
    seen = features(past)
    return {"logistic": logistic.fit(seen, gone), "gradient boosting": trees.fit(seen, gone)}


def learned(models: dict[str, Any], rows: pd.DataFrame) -> dict[str, Floats]:
    """Return what the learners say of `rows`, NaN where they could not be trained."""
    if not models or rows.empty:
        return {name: np.full(len(rows), np.nan) for name in LEARNERS}
    now = features(rows)
    return {name: model.predict_proba(now)[:, 1] for name, model in models.items()}
