"""Owns the way from coded answers (`AGE c|p CIRCUMSTANCE | themes | concerns | text`) to data/.

    python3 import_data.py FILE...     check, convert, re-split; no FILE: check what is there

Authors are files: t* test, d* development, all others training; no author is in two splits.
While there is no d* file, the last part of every training author is the development set.
A row that is nearly the same as a row of another split is dropped from the one that comes later in
test, dev, train; within a split only a repeated answer of four words or more is.
Nothing here is allowed to change a text.
"""

from __future__ import annotations

import collections
import json
import re
import sys
from pathlib import Path

from common import DATA, HERE, SPLITS, codebook

CIRCUMSTANCES = set(
    "none foster childrens_home kinship adopted care_leaver yoi secure_home ward send "
    "young_carer refugee traveller social_worker homeless".split()
)
DEV_SHARE = 0.12
NEAR = 0.75


def parse_line(line: str, where: str, known: tuple[set, set]) -> dict:
    """One coded answer; raises ValueError with the place where it is malformed."""
    parts = line.split(" | ", 3)
    if len(parts) != 4:
        raise ValueError(f"{where}: needs four parts")
    meta = parts[0].split()
    ok = len(meta) == 3 and meta[0].isdigit() and 4 <= int(meta[0]) <= 18
    if not ok or meta[1] not in ("c", "p") or meta[2] not in CIRCUMSTANCES:
        raise ValueError(f"{where}: age, writer or circumstance")
    themes, concerns = (
        [x for x in (y.strip() for y in part.split(",")) if x not in ("", "-")] for part in parts[1:3]
    )
    if set(themes) - known[0] or set(concerns) - known[1]:
        raise ValueError(f"{where}: unknown code")
    row = {"age": int(meta[0]), "writer": {"c": "child", "p": "parent"}[meta[1]]}
    row |= {"circumstance": meta[2], "themes": themes, "concerns": concerns, "text": parts[3].strip()}
    return row


def read_author(path: Path) -> list[dict]:
    """All rows of a file, with ids `<author>-<line number>`."""
    book = codebook()
    known = (set(book.theme_ids), set(book.concern_ids))
    rows = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if line.strip() and not line.startswith("#"):
            row = parse_line(line, f"{path.name}:{number}", known)
            rows.append({"id": f"{path.stem}-{number:04d}"} | row)
    return rows


def author(row: dict) -> str:
    return row["id"].split("-")[0]


def words(text: str) -> list[str]:
    return re.findall(r"[^\W_]+", text.lower().replace("'", "").replace("’", ""))


def shingles(text: str) -> set[str]:
    """Character 4-grams of the normalised text: robust against spelling."""
    flat = f" {' '.join(words(text)) or text} "
    return {flat[i : i + 4] for i in range(max(1, len(flat) - 3))}


class NearIndex:
    """Finds a stored text whose shingles overlap (Jaccard) by at least NEAR."""

    def __init__(self) -> None:
        self.sets: list[set[str]] = []
        self.ids: list[str] = []
        self.posting: dict[str, list[int]] = {}

    def find(self, text: str) -> str | None:
        own, hits = shingles(text), collections.Counter()
        for gram in own:
            hits.update(self.posting.get(gram, ()))
        for i, common in sorted(hits.items()):
            if common / (len(own) + len(self.sets[i]) - common) >= NEAR:
                return self.ids[i]
        return None

    def add(self, row: dict) -> None:
        self.ids.append(row["id"])
        self.sets.append(shingles(row["text"]))
        for gram in self.sets[-1]:
            self.posting.setdefault(gram, []).append(len(self.sets) - 1)


def load_all() -> dict[str, list[dict]]:
    """Rows by author, from every split."""
    pool: dict[str, list[dict]] = {}
    for split in SPLITS:
        for path in sorted((DATA / split).glob("*.jsonl")):
            for line in path.read_text(encoding="utf-8").splitlines():
                row = json.loads(line)
                pool.setdefault(author(row), []).append(row)
    for rows in pool.values():
        rows.sort(key=lambda r: r["id"])
    return pool


def apply_corrections(pool: dict[str, list[dict]]) -> int:
    """Codes that corrections.jsonl sets, each with its reason; returns how many rows changed."""
    path, changed = HERE / "corrections.jsonl", 0
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    fixes = {f["id"]: f for f in map(json.loads, filter(None, lines))}
    for row in (row for rows in pool.values() for row in rows):
        fix = fixes.pop(row["id"], None)
        if fix:
            row["themes"] = fix.get("themes", row["themes"])
            row["concerns"] = fix.get("concerns", row["concerns"])
            changed += 1
    for missing in sorted(fixes):
        print(f"correction for {missing}: no such row (dropped as a duplicate, perhaps)")
    return changed


def split_rows(pool: dict[str, list[dict]]) -> dict[str, list[dict]]:
    """Rows by split, by author."""
    out: dict[str, list[dict]] = {s: [] for s in SPLITS}
    has_dev = any(a.startswith("d") for a in pool)
    for name, rows in sorted(pool.items()):
        if name.startswith("t"):
            out["test"] += rows
        elif name.startswith("d"):
            out["dev"] += rows
        elif has_dev:
            out["train"] += rows
        else:
            cut = len(rows) - round(DEV_SHARE * len(rows))
            out["train"] += rows[:cut]
            out["dev"] += rows[cut:]
    return out


def drop_near_duplicates(split: dict[str, list[dict]]) -> list[tuple[str, str]]:
    """Drops in place; returns (dropped id, id of what it repeats)."""
    index, dropped = NearIndex(), []
    for name in ("test", "dev", "train"):
        kept, seen = [], {}
        for row in split[name]:
            key = tuple(words(row["text"]))
            twin = index.find(row["text"]) or (seen.get(key) if len(key) > 3 else None)
            if twin is None:
                seen[key] = row["id"]
                kept.append(row)
            else:
                dropped.append((row["id"], twin))
        split[name] = kept
        for row in kept if name != "train" else ():
            index.add(row)
    return dropped


def write(split: dict[str, list[dict]]) -> None:
    """One file an author and split; files of authors that are no longer there go."""
    for name, rows in split.items():
        folder = DATA / name
        folder.mkdir(parents=True, exist_ok=True)
        for old in folder.glob("*.jsonl"):
            old.unlink()
        for who in sorted({author(r) for r in rows}):
            lines = [json.dumps(r, ensure_ascii=False) for r in rows if author(r) == who]
            (folder / f"{who}.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")


def main() -> None:
    pool = load_all()
    try:
        for arg in sys.argv[1:]:
            pool[Path(arg).stem] = read_author(Path(arg))
    except ValueError as error:
        raise SystemExit(str(error)) from None
    changed = apply_corrections(pool)
    split = split_rows(pool)
    dropped = drop_near_duplicates(split)
    write(split)
    for who, twin in dropped:
        print(f"dropped {who}: nearly the same as {twin}")
    if not any(a.startswith("d") for a in pool):
        print(f"no d* author: the last {DEV_SHARE:.0%} of each training author is the development set")
    print(", ".join(f"{s} {len(r)}" for s, r in split.items()), f"; {changed} rows corrected, {len(dropped)} dropped")


if __name__ == "__main__":
    main()
