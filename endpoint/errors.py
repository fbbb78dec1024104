"""What the endpoint answers when it cannot answer.

EndpointError           500
├── BadRequest          400  the request breaks the protocol, or the query the grammar
├── Unauthorized        401  a key that is not known
├── Forbidden           403  understood, and refused: SERVICE, updates
├── NotFound            404
├── NotAcceptable       406  no format that the client takes
├── TooSlow             408  the request did not arrive in time
├── PreconditionFailed  412  If-Match, If-None-Match: somebody else has written
├── TooLarge            413  the query text, the body
├── UriTooLong          414  the same in an address
├── UnsupportedMedia    415
├── TooManyRequests     429  the client's own limits (Retry-After)
├── ClientGone          499  nobody waits for the answer any more; never sent
├── BadGateway          502  another endpoint, that a query asks, has no answer
├── Unavailable         503  busy, over a limit, nothing published (Retry-After)
└── TimedOut            504  the time limit (Retry-After)

The message is a code of ``endpoint/messages.toml`` with its values. Status codes: RFC 9110 and
SPARQL 1.1 Protocol, 2.1.6.
"""


class EndpointError(Exception):
    """A message code and its values; the class states the HTTP status."""

    status = 500
    retry = False
    retry_after: int | None = None
    """Seconds until it is worth asking again, where they are known."""

    def __init__(self, code: str, **values: object) -> None:
        super().__init__(f"{code} {values}")
        self.code = code
        self.values = values


class BadRequest(EndpointError):
    """The request breaks the protocol, or the query the grammar."""

    status = 400


class Unauthorized(EndpointError):
    """The key of the request is not known."""

    status = 401


class Forbidden(EndpointError):
    """Understood, and refused."""

    status = 403


class NotFound(EndpointError):
    """The release has nothing of that address."""

    status = 404


class NotAcceptable(EndpointError):
    """There is no format that the client takes."""

    status = 406


class TooSlow(EndpointError):
    """The request did not arrive in time."""

    status = 408


class PreconditionFailed(EndpointError):
    """What was to be written over is not what the client has seen."""

    status = 412


class TooLarge(EndpointError):
    """The query text, or the body of a request, is longer than the limit."""

    status = 413


class UriTooLong(EndpointError):
    """The query text, in an address, is longer than the limit."""

    status = 414


class UnsupportedMedia(EndpointError):
    """The body is of a type that the protocol does not have."""

    status = 415


class TooManyRequests(EndpointError):
    """The client has all that one client may have: later again."""

    status = 429
    retry = True

    def __init__(self, code: str, retry_after: int | None = None, **values: object) -> None:
        super().__init__(code, **values)
        self.retry_after = retry_after


class ClientGone(EndpointError):
    """Nobody waits for the answer any more."""

    status = 499


class BadGateway(EndpointError):
    """Another endpoint, that a query asks, has no answer."""

    status = 502


class Unavailable(EndpointError):
    """Busy, over a limit, or nothing published: try again later."""

    status = 503
    retry = True


class TimedOut(EndpointError):
    """The query ran into the time limit."""

    status = 504
    retry = True
