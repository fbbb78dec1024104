"""The SPARQL protocols: queries, updates, the Graph Store Protocol, the service's description."""
