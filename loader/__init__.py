"""The pipeline, the releases and the command line: from a folder of open data to a release."""
