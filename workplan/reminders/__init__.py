"""Reminders: what is due (`due`), who is told of it (`people`), and the one digest a person gets a day (`digest`)."""
