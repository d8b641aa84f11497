#!/usr/bin/env python3
"""Checks the files in deploy/ by their schemas, and the settings in them by asking the service (`config check`), which refuses
keys that it does not know; that they lock the service in, name its version, and give a stop the time that it takes.

usage: BINARY=PROGRAM scripts/deploy_check.py ARCHIVE-FOLDER SECRETS-FOLDER
"""

import os
import re
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path

import compose_spec
import kubernetes_validate
import yaml
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

ROOT = Path(__file__).resolve().parent.parent
DEPLOY = ROOT / "deploy"
failures = []


def check(place, holds, words):
    if not holds:
        failures.append(f"{place}: {words}")


def stop_seconds():
    """Returns how long a stop may take in production."""
    files = (tomllib.loads((ROOT / "config" / name).read_text())["server"] for name in ("default.toml", "production.toml"))
    server = {key: value for file in files for key, value in file.items()}
    return server["drain_seconds"] + server["shutdown_seconds"]


def check_grace(place, seconds):
    check(place, seconds > stop_seconds(), f"{seconds} s are not more than a stop takes, {stop_seconds()} s")


def check_version(place, image):
    version = tomllib.loads((ROOT / "Cargo.toml").read_text())["workspace"]["package"]["version"]
    check(place, image == f"starwars-api:{version}", f"the image is {image}, the version {version}")


def check_settings(place, variables, secrets):
    """Asks the service about variables, with the secrets that are named, as files."""
    with tempfile.TemporaryDirectory() as folder:
        for name in secrets:
            source = SECRETS / "starwars" / name
            if not source.exists():
                failures.append(f"{place}: deploy/secrets.sh makes no {name}")
                return
            (Path(folder) / name).write_text(source.read_text())
        env = variables | {"STARWARS_SECRETS_DIR": folder}
        answer = subprocess.run(
            [os.environ["BINARY"], "config", "check"], env=env, cwd=folder, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
        )
    if answer.returncode or "production" not in answer.stdout:
        failures.append(f"{place}: {answer.stdout.strip()}")


def compose():
    text = (DEPLOY / "compose.yaml").read_text()
    given = {"PUBLIC_URL": "https://api.example.org", "MAIL_FROM": "no-reply@example.org"}

    def value(match):
        name, _, default = match.group(1).partition(":-")
        name = name.split(":?")[0]
        return given.get(name, default)

    text = re.sub(r"(?<!\$)\$\{([^}]*)\}", value, text)
    document = yaml.safe_load(text)
    # Extensions are for YAML's anchors alone.
    plain = {key: value for key, value in document.items() if not key.startswith("x-")}
    try:
        compose_spec.PyCompose.from_yaml(yaml.safe_dump(plain)).validate()
    except ValueError as error:
        failures.append(f"compose.yaml: {error}")
    services = {n: s for n, s in plain["services"].items() if s["image"].startswith("starwars-api")}
    if len(services) != 4:
        failures.append(f"compose.yaml: expected three instances and their migration, found {sorted(services)}")
    for name, service in services.items():
        check_settings(f"compose.yaml, {name}", service["environment"], service["secrets"])
        locked = service.get("read_only") and service.get("cap_drop") == ["ALL"] and "no-new-privileges:true" in service["security_opt"]
        check(f"compose.yaml, {name}", locked, "is not locked")
        check_version(f"compose.yaml, {name}", service["image"])
        if name != "migrate":
            check_grace(f"compose.yaml, {name}", int(service["stop_grace_period"].removesuffix("s")))
    for name in plain["secrets"]:
        if not any(name in service.get("secrets", []) for service in plain["services"].values()):
            failures.append(f"compose.yaml: nobody reads the secret {name}")
    upstreams = re.findall(r"^\s*server (\w+):5003", (DEPLOY / "nginx.conf").read_text(), re.MULTILINE)
    if set(upstreams) != set(services) - {"migrate"}:
        failures.append(f"nginx.conf has the instances {upstreams}, compose.yaml {sorted(services)}")


def kubernetes():
    documents = [d for path in sorted((DEPLOY / "kubernetes").glob("*.yaml")) for d in yaml.safe_load_all(path.read_text())]
    for document in documents:
        try:
            kubernetes_validate.validate(document, "1.36", strict=True)
        except kubernetes_validate.ValidationError as error:
            failures.append(f"kubernetes, {document['kind']}: {error.message}")
    kinds = {document["kind"]: document for document in documents}
    pod = kinds["Deployment"]["spec"]["template"]["spec"]
    check_grace("kubernetes", pod["terminationGracePeriodSeconds"])
    person = pod["securityContext"]
    check("kubernetes", person.get("runAsNonRoot") and person.get("runAsUser"), "the pod may run as root")
    (served,) = pod["containers"]
    ports = {port["name"] for port in served["ports"]}
    for probe, path in (("startupProbe", "/healthz"), ("livenessProbe", "/healthz"), ("readinessProbe", "/readyz")):
        asked = served.get(probe, {}).get("httpGet", {})
        check("kubernetes", asked.get("path") == path and asked.get("port") in ports, f"the {probe} does not ask {path}")
    check("kubernetes, Service", {port["targetPort"] for port in kinds["Service"]["spec"]["ports"]} <= ports, "leads to no port")
    locked = {"allowPrivilegeEscalation": False, "readOnlyRootFilesystem": True, "capabilities": {"drop": ["ALL"]}}
    for container in pod["initContainers"] + pod["containers"]:
        check(f"kubernetes, {container['name']}", container.get("securityContext") == locked, "is not locked")
        check_version(f"kubernetes, {container['name']}", container["image"])
        variables = kinds["ConfigMap"]["data"] | {v["name"]: v["value"] for v in container.get("env", [])}
        check_settings(f"kubernetes, {container['name']}", variables, [path.name for path in (SECRETS / "starwars").iterdir()])
    labels = kinds["Deployment"]["spec"]["template"]["metadata"]["labels"].items()
    for kind in ("Service", "PodDisruptionBudget"):
        selector = kinds[kind]["spec"]["selector"]
        if not selector.get("matchLabels", selector).items() <= labels:
            failures.append(f"kubernetes, {kind}: selects no pod")


def unit():
    text = (DEPLOY / "starwars-api@.service").read_text()
    check_grace("starwars-api@.service", int(re.search(r"^TimeoutStopSec=(\d+)$", text, re.MULTILINE).group(1)))
    check("starwars-api@.service", "\nDynamicUser=yes\n" in text, "may run as root")
    variables = dict(re.findall(r"^Environment=([A-Z_]+)=(.*)$", text, re.MULTILINE))
    variables["STARWARS__SERVER__BIND"] = variables["STARWARS__SERVER__BIND"].replace("%i", "5003")
    # Of the operator's own file.
    variables["STARWARS__REDIS__URLS"] = "redis://127.0.0.1:6379"
    variables["STARWARS__REDIS__USER"] = "starwars"
    variables["STARWARS__SERVER__PUBLIC_URL"] = "https://api.example.org"
    variables["STARWARS__MAIL__FROM"] = "no-reply@example.org"
    check_settings("starwars-api@.service", variables, re.findall(r"^LoadCredential=([^:]+):", text, re.MULTILINE))


def sbom(archive):
    text = (archive / "sbom.cdx.json").read_text()
    if error := JsonStrictValidator(SchemaVersion.V1_6).validate_str(text):
        failures.append(f"sbom.cdx.json: {error}")
    for name in ('"name": "sea-orm"', '"name": "actix-web"', '"name": "swagger-ui-dist"'):
        if name not in text:
            failures.append(f"sbom.cdx.json has no {name}")


if len(sys.argv) != 3:
    sys.exit(__doc__)
ARCHIVE, SECRETS = map(Path, sys.argv[1:])
compose()
kubernetes()
unit()
sbom(ARCHIVE)
if failures:
    sys.exit("\n".join(failures))
