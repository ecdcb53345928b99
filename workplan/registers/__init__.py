"""Registers (台账): what makes a model of records a list, a page, a form, a file format and an API, by declaration."""
