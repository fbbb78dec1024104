"""Writing over the web: SPARQL 1.1 Update and the Graph Store HTTP Protocol make a new release.

The endpoint starts ``python -m loader.writing HOME`` for a batch of requests (docs/writing.md). It
holds the home as a publish does, and has each request evaluated on a checkpoint of the store by a
process without network that can be killed (``evaluator_process``). Of that store only the graphs
that may be written are taken, as lines; the next release grows by what differs in them. So what is
published cannot change, whatever a request says.

``request``     what is asked and answered, as JSON
``tokens``      the words of an update
``operations``  the operations of an update and the graphs that they change
``documents``   graphs in the formats of RDF
``scratch``     the store that requests are evaluated on
``evaluator``   the process that does so, and its handle
``batch``       from requests to a release
"""
