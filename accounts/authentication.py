"""Bearer tokens for the API."""

from datetime import timedelta

from django.utils import timezone
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed, PermissionDenied
from rest_framework.permissions import SAFE_METHODS

from .middleware import CHANGE_FIRST
from .models import ApiToken

USED_STEP = timedelta(minutes=1)


class TokenAuthentication(BaseAuthentication):
    """`Authorization: Bearer <token>`. A token opens at most what its user may do at that moment."""

    keyword = "Bearer"

    def authenticate(self, request):
        """Return (user, token), or None where no token was sent.

        Raises AuthenticationFailed for a token that is no good, PermissionDenied for a read-only one on an unsafe method
        and where the user has yet to replace the start password.
        """
        parts = get_authorization_header(request).split()
        if not parts or parts[0].lower() != b"bearer":
            return None
        if len(parts) != 2:
            raise AuthenticationFailed("令牌格式不正确。")
        token = ApiToken.objects.usable().filter(digest=ApiToken.digest_of(parts[1].decode("latin-1"))).first()
        if token is None:
            raise AuthenticationFailed("令牌无效、已过期或已撤销。")
        if token.user.must_change_password:
            raise PermissionDenied(CHANGE_FIRST)
        if request.method not in SAFE_METHODS and not token.may_write:
            raise PermissionDenied("该令牌只能读取。")
        self._note_use(token)
        return token.user, token

    def authenticate_header(self, request) -> str:
        return self.keyword

    def _note_use(self, token: ApiToken) -> None:
        now = timezone.now()
        if token.last_used_at is None or now - token.last_used_at > USED_STEP:
            ApiToken.objects.filter(pk=token.pk).update(last_used_at=now)
