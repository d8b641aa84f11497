#!/usr/bin/env python3
"""Writes what the binary is made of into a folder: `sbom.cdx.json` (CycloneDX 1.6) and `THIRD-PARTY-LICENCES.txt`, with the
licence texts of all crates that are linked and of the viewer. It asks cargo alone, and the same commit gives the same files.

usage: scripts/bom.py FOLDER
"""

import json
import os
import re
import subprocess
import sys
import tomllib
import uuid
from datetime import datetime, timezone
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = "starwars-api"
VIEWER = ROOT / "assets/swagger-ui"
LICENCE_FILE = re.compile(r"(licen[cs]e|copying|copyright|notice|unlicense)", re.IGNORECASE)


def rustc(*arguments):
    return run(os.environ.get("RUSTC", "rustc"), *arguments)


def run(*command):
    return subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True).stdout


def crates():
    """Returns the packages that the binary is built from on this machine's target, those for tests and build scripts left
    out, and what each of them depends on."""
    cargo = os.environ.get("CARGO", "cargo")
    target = re.search(r"^host: (.*)$", rustc("-vV"), re.MULTILINE).group(1)
    tree = run(
        cargo, "tree", "--locked", "--package", PACKAGE, "--edges", "normal", "--target", target, "--prefix", "none", "--format", "{p}"
    )
    linked = {tuple(line.split()[:2]) for line in tree.splitlines() if line}
    metadata = json.loads(run(cargo, "metadata", "--locked", "--format-version", "1", "--filter-platform", target))
    packages = {p["id"]: p for p in metadata["packages"] if (p["name"], "v" + p["version"]) in linked}
    needs = {
        node["id"]: [dep["pkg"] for dep in node["deps"] if dep["pkg"] in packages and any(k["kind"] is None for k in dep["dep_kinds"])]
        for node in metadata["resolve"]["nodes"]
        if node["id"] in packages
    }
    return packages, needs


def component(package, checksums):
    name, version = package["name"], package["version"]
    found = {"type": "library", "bom-ref": f"{name}@{version}", "name": name, "version": version}
    if package["license"]:
        # Crates of before SPDX wrote `MIT/Apache-2.0`.
        found["licenses"] = [{"expression": package["license"].replace("/", " OR ")}]
    if package["source"]:
        found["purl"] = f"pkg:cargo/{name}@{version}"
        found["hashes"] = [{"alg": "SHA-256", "content": checksums[name, version]}]
    return found


def sbom(packages, needs, extras):
    lock = tomllib.loads((ROOT / "Cargo.lock").read_text())["package"]
    checksums = {(p["name"], p["version"]): p.get("checksum") for p in lock}
    components = {i: component(p, checksums) for i, p in packages.items()}
    own = next(i for i, p in packages.items() if p["name"] == PACKAGE)
    application = components.pop(own) | {"type": "application"}
    refs = {i: found["bom-ref"] for i, found in components.items()} | {own: application["bom-ref"]}
    document = {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {"component": application},
        "components": sorted([*components.values(), *(found for found, _ in extras)], key=lambda found: found["bom-ref"]),
        "dependencies": sorted(
            ({"ref": refs[i], "dependsOn": sorted(refs[need] for need in others)} for i, others in needs.items()),
            key=lambda entry: entry["ref"],
        ),
    }
    # The same content has the same number.
    document["serialNumber"] = uuid.uuid5(uuid.NAMESPACE_URL, json.dumps(document, sort_keys=True)).urn
    if epoch := os.environ.get("SOURCE_DATE_EPOCH"):
        document["metadata"]["timestamp"] = datetime.fromtimestamp(int(epoch), timezone.utc).isoformat()
    return document


def extra(name, version, licence, folder):
    """Returns a component that is no crate, and the folder with its licence."""
    found = {"type": "library", "bom-ref": f"{name}@{version}", "name": name, "version": version, "licenses": [{"expression": licence}]}
    if name == "swagger-ui-dist":
        found["purl"] = f"pkg:npm/{name}@{version}"
    return found, folder


def licence_texts(folder):
    if not folder.is_dir():
        return []
    files = (path for path in sorted(folder.iterdir()) if path.is_file() and LICENCE_FILE.match(path.name))
    return [path.read_text(encoding="utf-8", errors="replace").strip() for path in files if path.suffix != ".rs"]


def licences(packages, extras):
    """Returns each text once, below the names of those that it is for."""
    holders, without = {}, []
    for package in sorted(packages.values(), key=lambda p: (p["name"], p["version"])):
        if not package["source"]:
            continue
        name = f"{package['name']} {package['version']} ({package['license']})"
        found = licence_texts(Path(package["manifest_path"]).parent)
        for text in found:
            holders.setdefault(text, []).append(name)
        if not found:
            without.append(name)
    for found, folder in extras:
        for text in licence_texts(folder):
            holders.setdefault(text, []).append(f"{found['name']} {found['version']} ({found['licenses'][0]['expression']})")
    parts = ["Software of others in this program, with its licences.\n\nThese come without a text of their own:\n" + "\n".join(without)]
    parts += ["\n".join(names) + "\n\n" + text for text, names in holders.items()]
    return ("\n\n" + "=" * 80 + "\n\n").join(parts) + "\n"


def main(folder):
    packages, needs = crates()
    extras = [
        # The viewer, and what every program of Rust is linked with.
        extra("swagger-ui-dist", (VIEWER / "VERSION").read_text().strip(), "Apache-2.0", VIEWER),
        extra("std", rustc("-vV").split()[1], "MIT OR Apache-2.0", Path(rustc("--print", "sysroot").strip(), "share/doc/rust")),
    ]
    folder.mkdir(parents=True, exist_ok=True)
    document = json.dumps(sbom(packages, needs, extras), indent=1) + "\n"
    (folder / "sbom.cdx.json").write_text(document, encoding="utf-8")
    (folder / "THIRD-PARTY-LICENCES.txt").write_text(licences(packages, extras), encoding="utf-8")


if len(sys.argv) != 2:
    sys.exit(__doc__)
main(Path(sys.argv[1]))
