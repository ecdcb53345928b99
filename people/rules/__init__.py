"""What can be said about names and numbers without a database. No Django here."""
