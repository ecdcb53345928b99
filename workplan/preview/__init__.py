"""Pages of uploaded PDF files as pictures: a browser is never given the file itself to open inside the portal."""
