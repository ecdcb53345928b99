"""The acts of the portal: each a function that checks, writes and logs in one transaction."""
