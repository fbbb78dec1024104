"""Names: namespaces, code lists, identifier schemes, the IRI policy and the words of messages.

The only place that mints or parses IRIs. It imports nothing else of the house.
"""
