#!/usr/bin/env python3
"""Changes the configuration of an unpacked image (OCI runtime specification) to what `docker run --read-only --cap-drop ALL
--network host --tmpfs /var/lib/starwars-api` would make of it.

usage: scripts/bundle.py CONFIG.JSON [VARIABLE=VALUE...]
"""

import json
import sys
from pathlib import Path

UNUSED = {"/sys", "/sys/fs/cgroup", "/dev/mqueue"}

path, *variables = sys.argv[1:]
config = json.loads(Path(path).read_text())
process = config["process"]
if process["user"]["uid"] == 0:
    sys.exit(f"{path}: the image runs as root")
process["terminal"] = False
process["env"] += variables
process["capabilities"] = {kind: [] for kind in process["capabilities"]}
config["root"]["readonly"] = True
config["linux"]["namespaces"] = [n for n in config["linux"]["namespaces"] if n["type"] != "network"]
config["mounts"] = [mount for mount in config["mounts"] if mount["destination"] not in UNUSED]
uid = process["user"]["uid"]
config["mounts"].append({
    "destination": process["cwd"],
    "type": "tmpfs",
    "source": "tmpfs",
    "options": ["nosuid", "nodev", "noexec", f"uid={uid}", "mode=700"],
})
Path(path).write_text(json.dumps(config))
