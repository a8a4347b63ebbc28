"""A tree over EVENTS content hashes, and the proof of one of them: in memory, and with SQLite, which keeps it."""

import hashlib
import json
import sys
import tempfile
import time
from pathlib import Path

from pymerkle import InmemoryTree, SqliteTree, verify_inclusion

EVENTS, KEPT = int(sys.argv[1]), int(sys.argv[2])


def leaves(count):
    return [hashlib.sha256(number.to_bytes(8, "big")).digest() for number in range(count)]


def seal(tree, entries):
    begun = time.perf_counter()
    for entry in entries:
        tree.append_entry(entry)
    root = tree.get_root()
    return len(entries) / (time.perf_counter() - begun), root


entries = leaves(EVENTS)
tree = InmemoryTree(algorithm="sha256")
speed, root = seal(tree, entries)
index = EVENTS // 3 + 1
begun = time.perf_counter()
proof = tree.prove_inclusion(index)
took = time.perf_counter() - begun
verify_inclusion(tree.get_leaf(index), root, proof)
with tempfile.TemporaryDirectory() as folder:
    with SqliteTree(str(Path(folder) / "tree.db"), algorithm="sha256") as kept:
        kept_speed, _ = seal(kept, entries[:KEPT])
print(
    json.dumps(
        {
            "leaves_a_second": speed,
            "kept_leaves_a_second": kept_speed,
            "proof_bytes": len(proof.path) * 32,
            "proof_ms": took * 1000,
        }
    )
)
