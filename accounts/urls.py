"""Addresses of signing in, the own account, and the administration of users and units."""

from django.urls import path

from .views import account, log, session, units, users

app_name = "accounts"
urlpatterns = [
    path("sign-in/", session.login, name="login"),
    path("sign-out/", session.logout, name="logout"),
    path("account/", account.account, name="account"),
    path("account/password/", account.password, name="password"),
    path("account/sign-out-everywhere/", account.sign_out_everywhere, name="sign_out_everywhere"),
    path("account/tokens/", account.token_issue, name="token_issue"),
    path("account/tokens/<int:pk>/revoke/", account.token_revoke, name="token_revoke"),
    path("users/", users.users, name="users"),
    path("users/new/", users.user_create, name="user_create"),
    path("users/<int:pk>/", users.user, name="user"),
    path("users/<int:pk>/change/", users.user_change, name="user_change"),
    path("users/<int:pk>/grant/", users.user_grant, name="user_grant"),
    path("users/<int:pk>/revoke/<int:membership>/", users.user_revoke, name="user_revoke"),
    path("users/<int:pk>/close/", users.user_close, name="user_close"),
    path("users/<int:pk>/reopen/", users.user_reopen, name="user_reopen"),
    path("users/<int:pk>/reset-password/", users.user_reset, name="user_reset"),
    path("users/<int:pk>/sign-out/", users.user_sign_out, name="user_sign_out"),
    path("org-units/", units.units, name="units"),
    path("org-units/new/", units.unit_create, name="unit_create"),
    path("org-units/<int:pk>/", units.unit, name="unit"),
    path("org-units/<int:pk>/rename/", units.unit_rename, name="unit_rename"),
    path("org-units/<int:pk>/move/", units.unit_move, name="unit_move"),
    path("audit/", log.audit, name="audit"),
]
