#!/usr/bin/env python3
"""Prints what each crate of a fresh `cargo build` costs: processor time of the compiler, which other work on the machine
does not change as it does the time that passes. `make build-costs`; Cargo calls it once more for each crate."""

import collections, os, pathlib, resource, subprocess, sys, tempfile


def compile_crate(command):
    """Runs the compiler and adds its processor time to the list."""
    code = subprocess.run(command).returncode
    if "--crate-name" in command:
        used = resource.getrusage(resource.RUSAGE_CHILDREN)
        name = command[command.index("--crate-name") + 1]
        with open(os.environ["BUILD_COSTS"], "a") as costs:
            costs.write(f"{name} {used.ru_utime + used.ru_stime:.2f}\n")
    return code


def build():
    with tempfile.TemporaryDirectory(prefix="build-costs.") as folder:
        costs = pathlib.Path(folder, "costs")
        environment = os.environ | {
            "BUILD_COSTS": str(costs),
            "CARGO_TARGET_DIR": f"{folder}/target",
            "RUSTC_WRAPPER": os.path.abspath(__file__),
        }
        command = [os.environ.get("CARGO", "cargo"), "build", "--locked", "--package", "starwars-api"]
        subprocess.run(command, env=environment, check=True)
        all_used = resource.getrusage(resource.RUSAGE_CHILDREN)
        crates = collections.defaultdict(list)
        for line in costs.read_text().splitlines():
            name, seconds = line.split()
            crates[name].append(float(seconds))
    print(f"{all_used.ru_utime + all_used.ru_stime:7.1f} s  the whole build, with linking, build scripts and C")
    for name, seconds in sorted(crates.items(), key=lambda crate: -sum(crate[1]))[:30]:
        times = f", {len(seconds)} times" if len(seconds) > 1 else ""
        print(f"{sum(seconds):7.1f} s  {name}{times}")


if __name__ == "__main__":
    sys.exit(compile_crate(sys.argv[1:]) if "BUILD_COSTS" in os.environ else build())
