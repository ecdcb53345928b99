"""A mail server and a robot that write down what they are sent. Real ones: they listen on a port of this machine."""

import json
import socketserver
import threading
import time
from contextlib import contextmanager
from email import message_from_bytes, policy
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class _Letters(socketserver.StreamRequestHandler):
    """Just enough of SMTP for one client: greeting, envelope, data."""

    def handle(self):
        self._say("220 recorder")
        while line := self.rfile.readline():
            verb = line[:4].upper().strip()
            if self.server.refusing and verb == b"MAIL":
                self._say("451 not now")
            elif verb == b"DATA":
                self._say("354 go on")
                self.server.letters.append(message_from_bytes(self._letter(), policy=policy.default))
                self._say("250 kept")
            elif verb == b"QUIT":
                return self._say("221 bye")
            else:
                self._say("250 yes")
        return None

    def _letter(self) -> bytes:
        lines = []
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            lines.append(line.removeprefix(b".") if line.startswith(b"..") else line)
        return b"".join(lines)

    def _say(self, text: str) -> None:
        self.wfile.write(f"{text}\r\n".encode())


class _Robot(BaseHTTPRequestHandler):
    """Answers each post as the test has set up: status, body, and headers such as a redirect."""

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        time.sleep(self.server.answer_after)
        self.server.posts.append((self.path, dict(self.headers), json.loads(body)))
        status, headers, answer = self.server.answer
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    do_GET = do_POST

    def log_message(self, *args):
        pass


class LetterServer(socketserver.ThreadingTCPServer):
    allow_reuse_address = daemon_threads = True


@contextmanager
def _serving(server):
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def mail_server():
    """Return a context manager of a server with `letters` so far, and `refusing` to be set."""
    server = LetterServer(("127.0.0.1", 0), _Letters)
    server.letters, server.refusing = [], False
    return _serving(server)


def robot():
    """Return a context manager of a server with `posts` so far (path, headers, body), the `answer` to be set, and the seconds it takes."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Robot)
    server.posts, server.answer, server.answer_after = [], (200, {}, b'{"errcode": 0}'), 0.0
    return _serving(server)
