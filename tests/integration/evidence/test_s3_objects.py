"""The same store on S3, spoken to over HTTP as obstore speaks to it."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from shared.crypto import KeyRing
from shared.evidence import BlobMissingError, open_blob_store
from shared.evidence.sealing import CHUNK_BYTES
from tests.support.keys import fixed_clock, memory_keystore


class Bucket(ThreadingHTTPServer):
    """What this product asks of S3: put an object, its size, and a range of it."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Requests)
        self.objects: dict[str, bytes] = {}
        self.unsigned: list[str] = []


class _Requests(BaseHTTPRequestHandler):
    @property
    def bucket(self) -> Bucket:
        assert isinstance(self.server, Bucket)
        return self.server

    def do_PUT(self) -> None:
        self._note_signature()
        content = self.rfile.read(int(self.headers["Content-Length"]))
        self.bucket.objects[self.path] = content
        self._answer(200)

    def do_HEAD(self) -> None:
        self._note_signature()
        found = self.bucket.objects.get(self.path)
        self._answer(404 if found is None else 200, length=len(found or b""))

    def do_GET(self) -> None:
        self._note_signature()
        found = self.bucket.objects.get(self.path)
        if found is None:
            self._answer(404)
            return
        first, last = map(int, self.headers["Range"].removeprefix("bytes=").split("-"))
        part = found[first : last + 1]
        span = f"bytes {first}-{first + len(part) - 1}/{len(found)}"
        self._answer(206, length=len(part), span=span)
        self.wfile.write(part)

    def _note_signature(self) -> None:
        if not self.headers.get("Authorization", "").startswith("AWS4-HMAC-SHA256"):
            self.bucket.unsigned.append(self.path)

    def _answer(self, status: int, *, length: int = 0, span: str | None = None) -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(length))
        self.send_header("ETag", '"1"')
        self.send_header("Last-Modified", "Thu, 15 Jan 2026 12:00:00 GMT")
        if span:
            self.send_header("Content-Range", span)
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Keep the test's output clean."""


@pytest.fixture
def bucket(monkeypatch: pytest.MonkeyPatch) -> Iterator[Bucket]:
    server = Bucket()
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{server.server_port}")
    monkeypatch.setenv("AWS_ALLOW_HTTP", "true")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")
    monkeypatch.setenv("AWS_REGION", "eu-west-2")
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


class TestBlobStoreOnS3:
    async def test_gives_back_what_was_put(self, bucket: Bucket) -> None:
        blobs = open_blob_store(
            "s3://evidence/attest", KeyRing(memory_keystore(), fixed_clock)
        )
        content = bytes(2 * CHUNK_BYTES + 5)

        blob = await blobs.put("ana", content)

        assert list(bucket.objects) == [f"/evidence/attest/{blob.path}"]
        assert await blobs.get(blob.path, content_hash=blob.content_hash) == content
        assert bucket.unsigned == []

    async def test_says_that_a_file_is_missing(self, bucket: Bucket) -> None:
        blobs = open_blob_store(
            "s3://evidence", KeyRing(memory_keystore(), fixed_clock)
        )

        with pytest.raises(BlobMissingError):
            await blobs.get(f"ana/{'0' * 64}", content_hash="0" * 64)
