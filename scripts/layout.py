#!/usr/bin/env python3
"""Completes an OCI image layout, so that its archive is one of Docker's as well: the name of the image in both indexes, and the
health check in its configuration, for which OCI has no word.

usage: buildah inspect NAME | scripts/layout.py LAYOUT NAME
"""

import hashlib
import json
import sys
from pathlib import Path

layout, name = Path(sys.argv[1]), sys.argv[2]


def blob(descriptor):
    return layout / "blobs" / Path(*descriptor["digest"].split(":"))


def change(descriptor, document):
    """Puts a document in the place of the one that the descriptor leads to."""
    blob(descriptor).unlink()
    text = json.dumps(document, separators=(",", ":")).encode()
    descriptor |= {"digest": f"sha256:{hashlib.sha256(text).hexdigest()}", "size": len(text)}
    blob(descriptor).write_bytes(text)


index = json.loads((layout / "index.json").read_text())
(image,) = index["manifests"]
manifest = json.loads(blob(image).read_text())
config = json.loads(blob(manifest["config"]).read_text())
config["config"]["Healthcheck"] = json.load(sys.stdin)["Docker"]["config"]["Healthcheck"]
change(manifest["config"], config)
change(image, manifest)
image["annotations"] = {"org.opencontainers.image.ref.name": name}
(layout / "index.json").write_text(json.dumps(index))
files = [str(blob(descriptor).relative_to(layout)) for descriptor in (manifest["config"], *manifest["layers"])]
(layout / "manifest.json").write_text(json.dumps([{"Config": files[0], "RepoTags": [name], "Layers": files[1:]}]))
