"""Where each dataset's graph comes from, in PROV-O: which files, which mapping, when, by what.

https://www.w3.org/TR/prov-o/. A dataset that is carried over to a new release keeps what was said
of it, so an activity is the publish that made the graph, not the one that last repeated it.
"""

from dataclasses import dataclass
from datetime import UTC, datetime

from loader.model import Resource
from loader.published import Published, PublishedFile
from vocab.iris import OWN, IriPolicy
from vocab.namespaces import DCAT, DCTERMS, FOAF, PROV, RDFS, SPDX
from vocab.statements import Statements


@dataclass(frozen=True, slots=True)
class Run:
    """One publish of one dataset; ``fingerprint`` names it in the activity's IRI."""

    started: datetime
    ended: datetime
    version: str
    mapping_name: str
    mapping_sha256: str
    fingerprint: str


def provenance_lines(policy: IriPolicy, dataset: Published, run: Run) -> list[str]:
    """Return the provenance of a dataset's graph as lines of N-Quads, sorted and each once."""
    name = dataset.package.name
    about = Statements(policy.system_graph("provenance"))
    activity = policy.activity(name, run.fingerprint)
    about.a(activity, PROV["Activity"])
    about.text(
        activity,
        RDFS["label"],
        {"ja": f"データセット「{name}」の公開", "en": f"Publication of the dataset “{name}”"},
    )
    about.value(activity, PROV["startedAtTime"], _instant(run.started), "dateTime")
    about.value(activity, PROV["endedAtTime"], _instant(run.ended), "dateTime")
    for file in dataset.files:
        about.link(activity, PROV["used"], _file(policy, about, name, file))
    for resource in dataset.package.resources:
        if resource.part:
            about.link(activity, PROV["used"], _part(policy, about, name, resource))
    _software(about, activity, run)
    _graph(policy, about, dataset, run)
    return about.lines()


def _instant(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _file(policy: IriPolicy, about: Statements, name: str, file: PublishedFile) -> str:
    entity = policy.file(name, file.name)
    about.a(entity, PROV["Entity"])
    about.value(entity, RDFS["label"], file.name)
    about.value(entity, DCAT["byteSize"], file.bytes, "nonNegativeInteger")
    _checksum(about, entity, f"{entity}#checksum", file.sha256)
    if file.url:
        about.link(entity, PROV["hadPrimarySource"], file.url)
        about.a(file.url, PROV["Entity"])
    return entity


def _part(policy: IriPolicy, about: Statements, name: str, resource: Resource) -> str:
    """Describe a table in a file that has several: a member of a container, a sheet."""
    entity = policy.part(name, resource.file.name, resource.part)
    about.a(entity, PROV["Entity"])
    about.value(entity, RDFS["label"], resource.label)
    about.link(entity, DCTERMS["isPartOf"], policy.file(name, resource.file.name))
    return entity


def _checksum(about: Statements, entity: str, checksum: str, sha256: str) -> None:
    about.link(entity, SPDX["checksum"], checksum)
    about.a(checksum, SPDX["Checksum"])
    about.link(checksum, SPDX["algorithm"], SPDX["checksumAlgorithm_sha256"])
    about.value(checksum, SPDX["checksumValue"], sha256, "hexBinary")


def _software(about: Statements, activity: str, run: Run) -> None:
    """Say what did it, following which plan (the mapping; PROV-O, 3.3 prov:hadPlan)."""
    software = f"{OWN}software/{run.version}"
    about.a(software, PROV["SoftwareAgent"], PROV["Agent"])
    about.value(software, FOAF["name"], "Tsunagu")
    about.value(software, DCTERMS["hasVersion"], run.version)
    about.link(activity, PROV["wasAssociatedWith"], software)
    association = f"{activity}#association"
    about.link(activity, PROV["qualifiedAssociation"], association)
    about.a(association, PROV["Association"])
    about.link(association, PROV["agent"], software)
    about.link(association, PROV["hadPlan"], _plan(about, activity, run))


def _plan(about: Statements, activity: str, run: Run) -> str:
    plan = f"{activity}#mapping"
    about.a(plan, PROV["Plan"], PROV["Entity"])
    about.value(plan, RDFS["label"], run.mapping_name)
    about.link(activity, PROV["used"], plan)
    if run.mapping_sha256:
        _checksum(about, plan, f"{plan}-checksum", run.mapping_sha256)
    return plan


def _graph(policy: IriPolicy, about: Statements, dataset: Published, run: Run) -> None:
    name = dataset.package.name
    graph = policy.graph(name)
    activity = policy.activity(name, run.fingerprint)
    about.link(activity, PROV["generated"], graph)
    about.a(graph, PROV["Entity"])
    about.link(graph, PROV["wasGeneratedBy"], activity)
    about.value(graph, PROV["generatedAtTime"], _instant(run.ended), "dateTime")
    about.link(graph, DCTERMS["isPartOf"], policy.dataset(name))
    about.links(
        graph, PROV["wasDerivedFrom"], [policy.file(name, file.name) for file in dataset.files]
    )
