"""The application factory."""

from pathlib import Path

from flask import Flask
from werkzeug.exceptions import HTTPException

from endpoint.errors import EndpointError, NotFound
from endpoint.http.headers import finish
from endpoint.http.prefix import below_prefix
from endpoint.language import language, language_of, pick, say
from endpoint.links import here, href, same_page
from endpoint.queries import routes as queries
from endpoint.replies import refuse, refuse_http
from endpoint.settings import Settings
from endpoint.site import catalog, citations, operator_pages, pages, proof, public, resources
from endpoint.site.gone import gone_or_unknown
from endpoint.site.moved import lead_on
from endpoint.sparql import completion, graph_store
from endpoint.sparql import routes as sparql
from endpoint.sparql.head_start import take_up
from endpoint.state import EXTENSION, Site, let_go
from vocab.licences import label as licence_name


def create_app(home: Path, base_iri: str | None = None, settings: Settings | None = None) -> Flask:
    """Make the application that serves the current release of ``home``.

    ``base_iri`` is the address at which the public finds the site, where it is not the base of
    the release's IRIs.
    """
    app = Flask("endpoint", static_folder=None)
    site = Site(home, base_iri, settings or Settings())
    site.journal.open_log(home, site.settings.access_log)
    app.extensions[EXTENSION] = site
    app.config["MAX_CONTENT_LENGTH"] = site.settings.body_bytes
    app.config["MAX_FORM_MEMORY_SIZE"] = site.settings.body_bytes
    app.url_map.merge_slashes = False
    app.url_map.strict_slashes = False
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.globals.update(say=say, pick=pick, language_of=language_of, href=href, here=here)
    app.jinja_env.globals.update(same_page=same_page, current_language=language)
    app.jinja_env.globals.update(licence_name=licence_name)
    parts = (sparql, resources, catalog, citations, pages, proof, public, operator_pages)
    for part in (*parts, queries, completion, graph_store):
        app.register_blueprint(part.blueprint)
    proxies = site.settings.trusted_proxies
    app.wsgi_app = below_prefix(app.wsgi_app, proxies)  # type: ignore[method-assign, assignment]
    app.register_error_handler(EndpointError, refuse)
    app.register_error_handler(NotFound, gone_or_unknown)
    app.register_error_handler(HTTPException, refuse_http)
    app.before_request(take_up)
    app.before_request(lead_on)
    app.after_request(finish)
    app.teardown_appcontext(let_go)
    return app
