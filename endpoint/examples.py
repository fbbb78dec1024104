"""Queries that the query page offers; their titles are messages ``example.<name>``."""

from dataclasses import dataclass

_PREFIXES = {
    "dcat": "http://www.w3.org/ns/dcat#",
    "dcterms": "http://purl.org/dc/terms/",
    "geo": "http://www.opengis.net/ont/geosparql#",
    "geof": "http://www.opengis.net/def/function/geosparql/",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "sacs": "http://data.e-stat.go.jp/lod/terms/sacs#",
    "schema": "http://schema.org/",
    "uom": "http://www.opengis.net/def/uom/OGC/1.0/",
    "void": "http://rdfs.org/ns/void#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}

_QUERIES = {
    "datasets": """SELECT ?dataset ?title ?modified WHERE {
  ?dataset a dcat:Dataset ; dcterms:title ?title .
  OPTIONAL { ?dataset dcterms:modified ?modified }
}
ORDER BY ?dataset""",
    "kinds": """SELECT ?kind (COUNT(*) AS ?things) WHERE {
  ?thing a ?kind
}
GROUP BY ?kind
ORDER BY DESC(?things)
LIMIT 50""",
    "names": """SELECT ?thing ?name WHERE {
  ?thing rdfs:label ?name
  FILTER(CONTAINS(STR(?name), "公園"))
}
LIMIT 50""",
    "points": """SELECT ?name ?point WHERE {
  ?thing rdfs:label ?name ; geo:hasGeometry/geo:asWKT ?point
}
LIMIT 50""",
    "former": """SELECT ?then ?code ?now ?name WHERE {
  ?former a sacs:StandardAreaCode ; rdfs:label ?then ; dcterms:identifier ?code ;
    sacs:prefectureLabel "埼玉県"@ja ; schema:validFrom ?from ; schema:validThrough ?last .
  FILTER(?from <= "1980-10-01"^^xsd:date && ?last >= "1980-10-01"^^xsd:date)
  ?former sacs:succeedingMunicipality+ ?now .
  ?now rdfs:label ?name
  FILTER NOT EXISTS { ?now schema:validThrough ?end }
}
ORDER BY ?code
LIMIT 100""",
    "describe": """CONSTRUCT { ?dataset ?property ?value } WHERE {
  ?dataset a dcat:Dataset ; ?property ?value
}""",
}


@dataclass(frozen=True, slots=True)
class Example:
    """A query to start from."""

    name: str
    query: str


def examples() -> list[Example]:
    """The queries, each with the prefixes that it uses."""
    return [Example(name, _with_prefixes(query)) for name, query in _QUERIES.items()]


def _with_prefixes(query: str) -> str:
    used = [f"PREFIX {name}: <{iri}>" for name, iri in _PREFIXES.items() if f"{name}:" in query]
    return "\n".join([*used, query])
