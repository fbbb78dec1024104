"""What else has an address: the catalogue, things, documents, releases, citations, what is gone."""
