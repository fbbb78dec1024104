"""The least that Flask can do: an answer that is always the same."""

from flask import Flask, Response

app = Flask("constant")


@app.route("/")
def constant() -> Response:
    """Answer with some bytes of JSON."""
    return Response(
        b'{"head":{"vars":[]},"results":{"bindings":[{}]}}', mimetype="application/json"
    )
