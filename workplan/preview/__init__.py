"""Uploaded documents as pictures and plain words: a browser is never given the file itself to open inside the portal."""

PAGED = "application/pdf"
# Media type → how `extract` reads it.
WORDED = {
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "word",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "sheet",
    "text/plain": "text",
}
