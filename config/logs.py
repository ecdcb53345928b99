"""What the logs may say: never a query string, a long number nor a token; people search by name and number."""

from django.http import HttpRequest
from django_structlog.middlewares import RequestMiddleware as Base

from accounts.text import fit_for_logs


class RequestMiddleware(Base):
    """Binds request id, user id and address to every line, and names a request by method and path alone."""

    @staticmethod
    def format_request(request: HttpRequest) -> str:
        return f"{request.method} {fit_for_logs(request.path)}"


def hide(logger, method: str, line: dict) -> dict:
    """Take from a line's words what `fit_for_logs` does: Django names the path of a page that broke. Ids stay as they are."""
    return line | {key: fit_for_logs(line[key]) for key in ("event", "exception") if isinstance(line.get(key), str)}
