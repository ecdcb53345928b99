"""Roll-up reports: what is gathered, how it is worded, and the documents made of it."""
