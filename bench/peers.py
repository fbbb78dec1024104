"""Measures Tsunagu beside two public mappers, morph-kgc and maplib, in one run.

    .venv/bin/python -m bench.peers --rows 100000

The same table and the same triples: twelve columns, each a plain literal of one thing with one
class, by RML for Tsunagu and morph-kgc and by an OTTR template for maplib. Each peer lives in an
environment of its own, made with pip from PyPI. On a small table all three have to give the same
triples before anything is measured.
"""

import argparse
import subprocess
import sys
import venv
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from pyoxigraph import RdfFormat, parse

from bench.figures import Figure, Measured, compare, keep, measure
from bench.generate import HEADER, generate

HERE = Path(__file__).parent
TSUNAGU = (sys.executable, "-m", "loader.cli")
BASE = "http://localhost:8000/"
CLASS = "http://schema.org/CivicStructure"
PROPERTIES = tuple(f"{BASE}def/column{number}" for number in range(len(HEADER)))
KEY = ("全国地方公共団体コード", "NO")
ROWS_COMPARED = 2_000

MAPLIB = """
import sys
import polars
from maplib import Model

table, template, target = sys.argv[1:]
frame = polars.read_csv(table, infer_schema=False)
key = polars.format("{base}id/facility/{{}}-{{}}", *{key!r})
columns = (polars.col(name).alias(f"v{{i}}") for i, name in enumerate({header!r}))
frame = frame.select(key.alias("thing"), *columns)
model = Model()
model.add_template(open(template, encoding="utf-8").read())
model.map("http://example.com/Facility", frame)
model.write(target, format="ntriples")
"""


@dataclass(frozen=True, slots=True)
class Peer:
    """A mapper: its package, and the command that maps the table in ``folder`` to a file."""

    name: str
    package: str | None
    command: tuple[str, ...]


def prepare(folder: Path, rows: int) -> None:
    """Write the table, and the same mapping for each mapper."""
    table = generate(folder, rows)
    maps = "\n".join(
        f"  rr:predicateObjectMap [ rr:predicate <{iri}> ;"
        f' rr:objectMap [ rml:reference "{name}" ] ] ;'
        for iri, name in zip(PROPERTIES, HEADER, strict=True)
    )
    subject = "-".join(f"{{{name}}}" for name in KEY)
    (folder / "peers.ttl").write_text(
        f"""@prefix rr: <http://www.w3.org/ns/r2rml#> .
@prefix rml: <http://semweb.mmlab.be/ns/rml#> .
@prefix ql: <http://semweb.mmlab.be/ns/ql#> .
<http://example.com/facility> a rr:TriplesMap ;
  rml:logicalSource [ rml:source "{table}" ; rml:referenceFormulation ql:CSV ] ;
{maps}
  rr:subjectMap [ rr:template "{BASE}id/facility/{subject}" ; rr:class <{CLASS}> ] .
""",
        encoding="utf-8",
    )
    (folder / "morph.ini").write_text(
        f"[CONFIGURATION]\noutput_file={folder / 'morph-kgc.nt'}\noutput_format=N-TRIPLES\n"
        f"number_of_processes=1\n[table]\nmappings={folder / 'peers.ttl'}\n",
        encoding="utf-8",
    )
    _prepare_maplib(folder)


def _prepare_maplib(folder: Path) -> None:
    variables = [f"?v{number}" for number in range(len(HEADER))]
    triples = [f"ottr:Triple(?thing, a, <{CLASS}>)"]
    triples += [
        f"ottr:Triple(?thing, <{iri}>, {variable})"
        for iri, variable in zip(PROPERTIES, variables, strict=True)
    ]
    parameters = ", ".join(["ottr:IRI ?thing", *(f"? xsd:string {name}" for name in variables)])
    (folder / "maplib.stottr").write_text(
        "@prefix ottr: <http://ns.ottr.xyz/0.4/> .\n"
        "@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .\n"
        "@prefix ex: <http://example.com/> .\n"
        f"ex:Facility [ {parameters} ] :: {{\n  " + ",\n  ".join(triples) + "\n} .\n",
        encoding="utf-8",
    )
    script = MAPLIB.format(base=BASE, key=KEY, header=HEADER)
    (folder / "maplib.py").write_text(script, encoding="utf-8")


def peers(folder: Path, environments: Path) -> list[Peer]:
    """Return the mappers, ours first."""
    table = str(folder / "facilities.csv")
    maplib = (table, str(folder / "maplib.stottr"), str(folder / "maplib.nt"))
    document = ("map", "--mapping", str(folder / "peers.ttl"), "-o", str(folder / "tsunagu.nt"))
    return [
        Peer("tsunagu", None, (*TSUNAGU, *document)),
        Peer(
            "morph-kgc",
            "morph-kgc",
            (_python(environments, "morph-kgc"), "-m", "morph_kgc", str(folder / "morph.ini")),
        ),
        Peer(
            "maplib",
            "maplib",
            (_python(environments, "maplib"), "-I", str(folder / "maplib.py"), *maplib),
        ),
    ]


def _python(environments: Path, name: str) -> str:
    return str(environments / name / "bin" / "python")


def install(environments: Path, found: Sequence[Peer]) -> list[str]:
    """Make the environments that are not there; return the peers' versions."""
    versions = []
    for peer in found:
        if peer.package is None:
            continue
        home = environments / peer.name
        if not home.is_dir():
            venv.create(home, with_pip=True)
            pip = [_python(environments, peer.name), "-m", "pip", "install", "-q", peer.package]
            subprocess.run(pip, check=True)
        say = f"from importlib.metadata import version; print(version({peer.package!r}))"
        done = subprocess.run(
            [peer.command[0], "-I", "-c", say], check=True, capture_output=True, text=True
        )
        versions.append(f"{peer.name} {done.stdout.strip()}")
    return versions


def compared(folder: Path, found: Sequence[Peer]) -> None:
    """End the benchmark where the mappers do not give the same triples of a small table."""
    prepare(folder, ROWS_COMPARED)
    sets = []
    for peer in found:
        measure(peer.command)
        text = (folder / f"{peer.name}.nt").read_bytes()
        sets.append({str(quad.triple) for quad in parse(text, RdfFormat.N_TRIPLES)})
    for peer, triples in zip(found, sets, strict=True):
        difference = sorted(triples ^ sets[0])
        if difference:
            raise SystemExit(f"{peer.name}: {len(difference)} other triples, {difference[:3]}")


def measured(folder: Path, found: Sequence[Peer], rows: int, runs: int) -> list[Figure]:
    """Measure all mappers in turns."""
    prepare(folder, rows)
    times: dict[str, list[Measured]] = {peer.name: [] for peer in found}
    for _ in range(runs):
        for peer in found:
            times[peer.name].append(measure(peer.command))
    ours, *others = found
    return [
        compare(
            "plain mapping",
            peer.name,
            "–",
            list(zip(times[ours.name], times[peer.name], strict=True)),
        )
        for peer in others
    ]


def main() -> None:
    """Install, compare, measure, print."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--rows", type=int, default=100_000)
    options.add_argument("--runs", type=int, default=3)
    options.add_argument("--work", type=Path, default=HERE / "data", help="where files are put")
    asked = options.parse_args()
    folder = asked.work.resolve() / "peers"
    environments = asked.work.resolve() / "environments"
    folder.mkdir(parents=True, exist_ok=True)
    found = peers(folder, environments)
    print(", ".join(install(environments, found)))
    compared(folder, found)
    keep(measured(folder, found, asked.rows, asked.runs), asked.rows, asked.runs)


if __name__ == "__main__":
    main()
