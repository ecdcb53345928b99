"""Addresses of signing in and of the own account."""

from django.urls import path

from .views import account, session

app_name = "accounts"
urlpatterns = [
    path("sign-in/", session.login, name="login"),
    path("sign-out/", session.logout, name="logout"),
    path("account/", account.account, name="account"),
    path("account/password/", account.password, name="password"),
    path("account/sign-out-everywhere/", account.sign_out_everywhere, name="sign_out_everywhere"),
    path("account/tokens/", account.token_issue, name="token_issue"),
    path("account/tokens/<int:pk>/revoke/", account.token_revoke, name="token_revoke"),
]
