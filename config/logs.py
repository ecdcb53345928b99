"""What the logs may say: never a query string nor a long number, for people search by name and number."""

from django.http import HttpRequest
from django_structlog.middlewares import RequestMiddleware as Base

from accounts.text import without_numbers


class RequestMiddleware(Base):
    """Binds request id, user id and address to every line, and names a request by method and path alone."""

    @staticmethod
    def format_request(request: HttpRequest) -> str:
        return f"{request.method} {without_numbers(request.path)}"
