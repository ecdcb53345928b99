"""The acts on users, roles, tokens and units: each checks, writes and logs in one transaction.

Callers have asked `visible_to` whether the actor may do it; what must hold whoever acts is checked here.
"""
