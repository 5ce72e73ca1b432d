"""Makes tiny_model/: a theme model of a few kilobytes for the unit tests.

The embedding of each word piece is looked up, averaged over the pieces that are not padding and
brought to length 1; each label is one matrix row. Its "meaning" is set by hand: a theme's own word
lights the theme up. Needs numpy and onnx. Run it in this folder: python make_tiny_model.py
"""
import hashlib
import json
import pathlib

import numpy as np
from onnx import TensorProto as T, checker, helper as h, numpy_helper as nh, save

OUT = pathlib.Path(__file__).parent / "tiny_model"
SPECIAL = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
THEMES = {"bullying": "bully", "housing": "house", "family_life": "mum"}
CONCERNS = {"self_harm": "die"}
PLAIN = ["school", "home", "help", "me", "i", "a", "the", "want", "to", "and", "no", "my", ".", "!", "[", "]", "##ing", "##s"]
VOCAB = SPECIAL + list(THEMES.values()) + list(CONCERNS.values()) + PLAIN
DIM = 12


def weights():
    """A word's vector: one axis for each label's own word, small fixed noise elsewhere."""
    noise = np.random.default_rng(7).standard_normal((len(VOCAB), DIM)).astype(np.float32) * 0.02
    words = list(THEMES.values()) + list(CONCERNS.values())
    for axis, word in enumerate(words):
        noise[VOCAB.index(word), axis] += 1.0
    noise[VOCAB.index("school") :, DIM - 1] += 0.1
    heads = np.eye(len(words), DIM, dtype=np.float32) * 8.0
    split = len(THEMES)
    return noise, heads[:split].T.copy(), heads[split:].T.copy()


def model():
    embedding, themes, concerns = weights()
    initial = {
        "words": embedding,
        "theme_w": themes,
        "theme_b": np.full(themes.shape[1], -2.5, np.float32),
        "concern_w": concerns,
        "concern_b": np.full(concerns.shape[1], -2.5, np.float32),
        "one": np.array([1], np.int64),
        "last": np.array([-1], np.int64),
        "tiny": np.array(1e-12, np.float32),
    }
    nodes = [
        h.make_node("Gather", ["words", "input_ids"], ["vectors"]),
        h.make_node("Cast", ["attention_mask"], ["weights"], to=T.FLOAT),
        h.make_node("Unsqueeze", ["weights", "one"], ["row"]),
        h.make_node("MatMul", ["row", "vectors"], ["sum3"]),
        h.make_node("Squeeze", ["sum3", "one"], ["sum"]),
        h.make_node("Mul", ["sum", "sum"], ["squares"]),
        h.make_node("ReduceSum", ["squares", "last"], ["norm2"], keepdims=1),
        h.make_node("Sqrt", ["norm2"], ["norm"]),
        h.make_node("Add", ["norm", "tiny"], ["safe"]),
        h.make_node("Div", ["sum", "safe"], ["embedding"]),
        h.make_node("Gemm", ["embedding", "theme_w", "theme_b"], ["theme_logits"]),
        h.make_node("Gemm", ["embedding", "concern_w", "concern_b"], ["concern_logits"]),
    ]
    inputs = [h.make_tensor_value_info(n, T.INT64, ["batch", "seq"]) for n in ("input_ids", "attention_mask")]
    widths = {"embedding": DIM, "theme_logits": themes.shape[1], "concern_logits": concerns.shape[1]}
    outputs = [h.make_tensor_value_info(n, T.FLOAT, ["batch", w]) for n, w in widths.items()]
    tensors = [nh.from_array(v, k) for k, v in initial.items()]
    graph = h.make_graph(nodes, "tiny", inputs, outputs, tensors)
    out = h.make_model(graph, opset_imports=[h.make_opsetid("", 17)], producer_name="bigask tests")
    out.ir_version = 8
    checker.check_model(out)
    return out


def tokenizer():
    """BERT word pieces, in the older form of the file, with padding and truncation to be ignored."""
    token = lambda t: {"id": VOCAB.index(t), "content": t, "special": True, "single_word": False, "lstrip": False, "rstrip": False, "normalized": False}
    piece = lambda t: {"SpecialToken": {"id": t, "type_id": 0}}
    text = lambda s, i: {"Sequence": {"id": s, "type_id": i}}
    ids = {t: {"id": t, "ids": [VOCAB.index(t)], "tokens": [t]} for t in ("[CLS]", "[SEP]")}
    single = [piece("[CLS]"), text("A", 0), piece("[SEP]")]
    return {
        "version": "1.0",
        "truncation": {"max_length": 4, "strategy": "LongestFirst", "stride": 0},
        "padding": {"strategy": {"Fixed": 4}, "direction": "Right", "pad_to_multiple_of": None, "pad_id": 0, "pad_type_id": 0, "pad_token": "[PAD]"},
        "added_tokens": [token(t) for t in SPECIAL],
        "normalizer": {"type": "BertNormalizer", "clean_text": True, "handle_chinese_chars": True, "strip_accents": None, "lowercase": True},
        "pre_tokenizer": {"type": "BertPreTokenizer"},
        "post_processor": {"type": "TemplateProcessing", "single": single, "pair": single + [text("B", 1)], "special_tokens": ids},
        "decoder": {"type": "WordPiece", "prefix": "##", "cleanup": True},
        "model": {"type": "WordPiece", "unk_token": "[UNK]", "continuing_subword_prefix": "##", "max_input_chars_per_word": 100, "vocab": {t: i for i, t in enumerate(VOCAB)}},
    }


def labels():
    label = lambda i: {"id": i, "threshold": 0.5, "scale": 1.0, "bias": 0.0}
    return {"version": "tiny-1", "max_tokens": 16, "pad_token_id": 0, "themes": [label(i) for i in THEMES], "concerns": [label(i) for i in CONCERNS]}


if __name__ == "__main__":
    OUT.mkdir(exist_ok=True)
    save(model(), OUT / "model.onnx")
    (OUT / "tokenizer.json").write_text(json.dumps(tokenizer(), indent=1) + "\n")
    (OUT / "labels.json").write_text(json.dumps(labels(), indent=1) + "\n")
    names = ("labels.json", "model.onnx", "tokenizer.json")
    sums = [hashlib.sha256((OUT / n).read_bytes()).hexdigest() + "  " + n for n in names]
    (OUT / "SHA256SUMS").write_text("\n".join(sums) + "\n")
