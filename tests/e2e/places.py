"""Every place where words of people could have been left, as bytes."""

import contextlib
import io
import json
import re
import zipfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import asyncpg
from aiokafka import AIOKafkaConsumer, TopicPartition

from shared.embedded.ports import LOCALHOST
from shared.messaging import OWNERS

_CHUNK_BYTES = 1 << 24


def files(directory: Path, *, without: tuple[str, ...] = ()) -> Iterator[bytes]:
    """Yield the contents and the names of all files, those in *without* left out."""
    for path in sorted(directory.rglob("*")):
        place = path.relative_to(directory)
        yield str(place).encode()
        if place.parts[0] in without or not path.is_file():
            continue
        with contextlib.suppress(FileNotFoundError), path.open("rb") as opened:
            while chunk := opened.read(_CHUNK_BYTES):
                yield chunk


async def rows(state: Path) -> AsyncIterator[bytes]:
    """Yield every row of every table as the superuser sees it, bytes as they are."""
    postgres = state / "postgres"
    password = json.loads((postgres / "passwords.json").read_text())["postgres"]
    port = int((postgres / "port").read_text())
    url = f"postgresql://postgres:{password}@{LOCALHOST}:{port}/attest"
    connection = await asyncpg.connect(url)
    try:
        for table in await _tables(connection):
            for record in await connection.fetch(f"SELECT * FROM {table}"):  # noqa: S608
                yield b"\n".join(_plain(value) for value in record.values())
    finally:
        await connection.close()


async def _tables(connection: "asyncpg.Connection[asyncpg.Record]") -> list[str]:
    found = await connection.fetch(
        """
        SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables
        WHERE schemaname NOT IN ('pg_catalog', 'information_schema')
        """
    )
    return [record["name"] for record in found]


def _plain(value: object) -> bytes:
    return value if isinstance(value, bytes) else str(value).encode()


async def messages(state: Path) -> AsyncIterator[bytes]:
    """Yield key, headers and value of every record of every topic."""
    port = int((state / "broker" / "port").read_text())
    consumer = AIOKafkaConsumer(bootstrap_servers=f"{LOCALHOST}:{port}")
    await consumer.start()
    try:
        # `topics` would drop the partitions
        cluster = await consumer._client.fetch_all_metadata()
        for topic in (f"{owner}.v1" for owner in OWNERS):
            for number in sorted(cluster.partitions_for_topic(topic) or ()):
                async for record in _records(consumer, TopicPartition(topic, number)):
                    yield record
    finally:
        await consumer.stop()


async def _records(
    consumer: AIOKafkaConsumer, partition: TopicPartition
) -> AsyncIterator[bytes]:
    consumer.assign([partition])
    end = (await consumer.end_offsets([partition]))[partition]
    await consumer.seek_to_beginning(partition)
    while await consumer.position(partition) < end:
        batches = await consumer.getmany(timeout_ms=500)
        for record in batches.get(partition, ()):
            headers = [name.encode() + b"=" + value for name, value in record.headers]
            yield b"\n".join([record.key or b"", record.value or b"", *headers])


def names_in(upload: bytes) -> Iterator[str]:
    """Yield the names of the files in a zip that people gave them."""
    with contextlib.suppress(zipfile.BadZipFile):
        for name in zipfile.ZipFile(io.BytesIO(upload)).namelist():
            if not name.startswith(("word/", "_rels/", "docProps/", "[")):
                yield name.rpartition("/")[2]


def sentences_in(upload: bytes, *, most: int) -> list[str]:
    """Return the longest plain stretches of text of a Word file or a zip of them."""
    found: list[str] = []
    with zipfile.ZipFile(io.BytesIO(upload)) as archive:
        for name in archive.namelist():
            content = archive.read(name)
            if name == "word/document.xml":
                text = content.decode()
                found += re.findall(r">([A-Za-z][A-Za-z ,]{24,60})[^<]*</w:t>", text)
            elif name.endswith(".docx"):
                found += sentences_in(content, most=most)
    return sorted(set(found), key=lambda text: (-len(text), text))[:most]
