"""REST API v1: the same scope and the same services as the pages, for programs."""
