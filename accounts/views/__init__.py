"""Signing in and the own account. The administration of users and units is in `workplan.views`, beside the list kit."""
