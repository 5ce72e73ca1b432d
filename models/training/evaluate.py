"""Owns the model card: every figure in a model folder's README.md, from the committed files alone.

    python3 evaluate.py FOLDER [--reference NAME]   (NAME: work/NAME.safetensors, to keep its fp32 scores)

The test set is read here and nowhere else; nothing is chosen by what is found.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import random
from pathlib import Path

import numpy as np

import common
import measures
from augment import drop_punctuation, misspell
from card import Card, write_card
from scorer import Scorer, speed

REFERENCE = common.HERE / "reference"
SEED = 7


class Decider:
    """labels.json: logits to probabilities and decisions."""

    def __init__(self, folder: Path) -> None:
        raw = json.loads((folder / "labels.json").read_text(encoding="utf-8"))
        both = raw["themes"] + raw["concerns"]
        self.cut = len(raw["themes"])
        self.scale, self.bias, self.limit = (np.array([x[k] for x in both]) for k in ("scale", "bias", "threshold"))

    def probability(self, logits: np.ndarray) -> np.ndarray:
        return 1 / (1 + np.exp(-(logits.astype(np.float64) * self.scale + self.bias)))

    def decide(self, logits: np.ndarray) -> np.ndarray:
        return (self.probability(logits) >= self.limit).astype(np.float32)


def theme_figures(truth: np.ndarray, said: np.ndarray) -> dict[str, float]:
    return {
        "macro": measures.macro_f1(truth, said),
        "micro": measures.micro_f1(truth, said),
        "sample": measures.sample_f1(truth, said),
    }


def concern_figures(truth: np.ndarray, said: np.ndarray) -> dict[str, float]:
    """By row: `recall` of the rows with a concern that get any flag; `flagged` share of all rows."""
    real, flag = truth.max(1) > 0.5, said.max(1) > 0.5
    return {
        "recall": float(flag[real].mean()) if real.any() else float("nan"),
        "flagged": float(flag.mean()),
        "flagged_without": float(flag[~real].mean()) if (~real).any() else float("nan"),
        "rows": int(real.sum()),
    }


def robustness(scorer: Scorer, decider: Decider, texts: list[str], truth: np.ndarray) -> dict[str, dict]:
    """Theme figures and concern recall with the same texts written otherwise."""
    rng = random.Random(SEED)
    ways = {
        "as written": texts,
        "lower case": [t.lower() for t in texts],
        "upper case": [t.upper() for t in texts],
        "no punctuation": [drop_punctuation(t, keep_tags=False) for t in texts],
        "10% of words misspelt": [misspell(t, 0.1, rng) for t in texts],
    }
    out = {}
    for name, changed in ways.items():
        said = decider.decide(scorer.logits(changed))
        out[name] = theme_figures(truth[:, : decider.cut], said[:, : decider.cut])
        out[name] |= concern_figures(truth[:, decider.cut :], said[:, decider.cut :])
    return out


def groups(rows: list[dict]) -> dict[str, dict[str, list[int]]]:
    """Row numbers by age band, writer, circumstance and length."""
    out: dict[str, dict[str, list[int]]] = {"age": {}, "writer": {}, "circumstance": {}, "words": {}}
    for i, row in enumerate(rows):
        age, words = row["age"], len(row["text"].split())
        band = "4-8" if age <= 8 else "9-12" if age <= 12 else "13-15" if age <= 15 else "16-18"
        size = "1-5" if words <= 5 else "6-15" if words <= 15 else "16-40" if words <= 40 else "over 40"
        for kind, level in (("age", band), ("writer", row["writer"]), ("circumstance", row["circumstance"]), ("words", size)):
            out[kind].setdefault(level, []).append(i)
    return {k: dict(sorted(v.items())) for k, v in out.items()}


def independence(scorer: Scorer, decider: Decider, texts: list[str]) -> dict[str, float]:
    """Largest difference of a probability, and number of changed decisions, alone against in batches."""
    alone = np.concatenate([scorer.logits([t]) for t in texts])
    order = random.Random(SEED).sample(range(len(texts)), len(texts))
    mixed = np.empty_like(alone)
    for start in range(0, len(order), 32):
        part = order[start : start + 32]
        pieces = [(i, w) for i in part for w in common.windows(common.encode(scorer.tok, [texts[i]])[0])]
        _, logits = scorer.run([w for _, w in pieces])
        mixed[part] = -np.inf
        for (i, _), row in zip(pieces, logits, strict=True):
            mixed[i] = np.maximum(mixed[i], row)
    gap = np.abs(decider.probability(alone) - decider.probability(mixed)).max()
    return {"gap": float(gap), "changed": int((decider.decide(alone) != decider.decide(mixed)).sum())}


def reference_logits(folder: Path, name: str | None, rows: list[dict]) -> np.ndarray | None:
    """The fp32 network's logits on the test set: computed and kept with `name`, else what was kept."""
    path = REFERENCE / f"{folder.name}.npz"
    if name:
        from train import load_trained, predict

        net, _ = load_trained(name)
        scores = predict(net, common.encode(common.tokenizer(folder / "tokenizer.json"), [r["text"] for r in rows]))
        REFERENCE.mkdir(exist_ok=True)
        np.savez_compressed(path, ids=np.array([r["id"] for r in rows]), logits=scores.astype(np.float32))
    if not path.exists():
        return None
    kept = np.load(path)
    at = {k: i for i, k in enumerate(kept["ids"].tolist())}
    return kept["logits"][[at[r["id"]] for r in rows]] if all(r["id"] in at for r in rows) else None


def by_group(rows: list[dict], truth: np.ndarray, said: np.ndarray, cut: int) -> dict:
    """Figures of every level of every group, in the groups' order."""
    return {
        kind: {
            level: {"rows": len(at)} | theme_figures(truth[at, :cut], said[at, :cut])
            | {"concern_" + k: v for k, v in concern_figures(truth[at, cut:], said[at, cut:]).items()}
            for level, at in levels.items()
        }
        for kind, levels in groups(rows).items()
    }


def split_figures(scorer: Scorer, decider: Decider, rows: list[dict], book: common.Codebook) -> dict:
    """Everything measured on one split but robustness and speed."""
    truth, cut = common.targets(rows, book), decider.cut
    logits = scorer.logits([r["text"] for r in rows])
    said = decider.decide(logits)
    out = {"rows": len(rows), "themes": theme_figures(truth[:, :cut], said[:, :cut])}
    out["concerns"] = concern_figures(truth[:, cut:], said[:, cut:])
    out["each"] = {k: v.tolist() for k, v in measures.per_label(truth, said).items()}
    out["groups"] = by_group(rows, truth, said, cut)
    p = decider.probability(logits)
    out["brier"] = float(((p - truth) ** 2)[:, :cut].mean())
    out["ap"] = measures.average_precision(truth[:, :cut], p[:, :cut])
    out["concern_ap"] = measures.average_precision(truth[:, cut:], p[:, cut:])
    out["flagged_at_97"] = measures.share_at_recall(truth[:, cut:].max(1), (p / decider.limit)[:, cut:].max(1), 0.97)
    return out


def checksums(folder: Path) -> None:
    """SHA256SUMS of the files that are loaded."""
    names = ("labels.json", "model.onnx", "tokenizer.json")
    lines = [f"{hashlib.sha256((folder / n).read_bytes()).hexdigest()}  {n}" for n in names]
    (folder / "SHA256SUMS").write_text("\n".join(lines) + "\n")


def measure(folder: Path, reference: str | None) -> dict:
    """All figures of the card."""
    book, scorer, decider = common.codebook(), Scorer(folder), Decider(folder)
    splits = {s: common.read_split(s) for s in common.SPLITS}
    out = {s: split_figures(scorer, decider, splits[s], book) for s in ("dev", "test")}
    texts = [r["text"] for r in splits["test"]]
    truth = common.targets(splits["test"], book)
    out["robustness"] = robustness(scorer, decider, texts, truth)
    out["independence"] = independence(scorer, decider, texts[:300])
    fp32 = reference_logits(folder, reference, splits["test"])
    if fp32 is not None:
        said, own = decider.decide(fp32), decider.decide(scorer.logits(texts))
        out["fp32"] = theme_figures(truth[:, : decider.cut], said[:, : decider.cut])
        out["fp32"] |= concern_figures(truth[:, decider.cut :], said[:, decider.cut :])
        out["fp32"]["same_decisions"] = float((said == own).mean())
    out["speed"], out["tokens"] = speed(scorer, [r["text"] for r in splits["train"]][:2000])
    out["bytes"] = {p.name: p.stat().st_size for p in sorted(folder.iterdir()) if p.suffix in (".onnx", ".json")}
    return out


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--reference", metavar="NAME")
    args = parser.parse_args()
    figures = measure(args.folder, args.reference)
    card = Card(common.codebook(), figures, common.read_split("train"), common.read_split("dev"), common.read_split("test"))
    write_card(args.folder, card)
    checksums(args.folder)
    for s in ("dev", "test"):
        print(s, {k: round(v, 4) for k, v in figures[s]["themes"].items()}, figures[s]["concerns"])


if __name__ == "__main__":
    main()
