"""Owns the measures of quality on 0/1 matrices and scores; nothing here reads a file."""

from __future__ import annotations

import numpy as np


def f1(tp: np.ndarray, fp: np.ndarray, fn: np.ndarray) -> np.ndarray:
    """2tp / (2tp + fp + fn); 0 where there is nothing."""
    return 2 * tp / np.maximum(2 * tp + fp + fn, 1e-12)


def counts(truth: np.ndarray, said: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """(tp, fp, fn) per column."""
    truth, said = truth > 0.5, said > 0.5
    return (truth & said).sum(0), (~truth & said).sum(0), (truth & ~said).sum(0)


def per_label(truth: np.ndarray, said: np.ndarray) -> dict[str, np.ndarray]:
    """Precision, recall, F1 and support of each column."""
    tp, fp, fn = counts(truth, said)
    return {
        "precision": tp / np.maximum(tp + fp, 1),
        "recall": tp / np.maximum(tp + fn, 1),
        "f1": f1(tp, fp, fn),
        "support": tp + fn,
    }


def macro_f1(truth: np.ndarray, said: np.ndarray) -> float:
    """Mean F1 of the columns that occur in the truth."""
    each = per_label(truth, said)
    return float(each["f1"][each["support"] > 0].mean())


def micro_f1(truth: np.ndarray, said: np.ndarray) -> float:
    tp, fp, fn = (x.sum() for x in counts(truth, said))
    return float(f1(tp, fp, fn))


def sample_f1(truth: np.ndarray, said: np.ndarray) -> float:
    """Mean over rows of the row's F1; 1 where both are empty."""
    tp, fp, fn = counts(truth.T, said.T)
    return float(np.where(tp + fp + fn == 0, 1.0, f1(tp, fp, fn)).mean())


def average_precision(truth: np.ndarray, score: np.ndarray) -> float:
    """Mean over columns of the area under precision against recall."""
    out = []
    for j in range(truth.shape[1]):
        t = truth[np.argsort(-score[:, j], kind="stable"), j] > 0.5
        if t.any():
            out.append(float((np.cumsum(t) / np.arange(1, len(t) + 1))[t].mean()))
    return float(np.mean(out)) if out else 0.0


def best_global(truth: np.ndarray, score: np.ndarray) -> tuple[float, float]:
    """(threshold, micro F1) of the one threshold that gives the highest micro F1."""
    grid = np.quantile(score, np.linspace(0.85, 0.999, 150))
    found = [(micro_f1(truth, score >= g), -float(g)) for g in grid]
    best = max(found)
    return -best[1], best[0]


def share_at_recall(truth: np.ndarray, score: np.ndarray, recall: float) -> float:
    """Smallest share of rows flagged so that `recall` of the true rows are; score of any column."""
    positive = np.sort(score[truth > 0.5])
    if not len(positive):
        return 0.0
    cut = positive[int(np.floor((1 - recall) * len(positive) + 1e-9))]
    return float((score >= cut).mean())
