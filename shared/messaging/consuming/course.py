"""Which records may be handled now: those of the present filling, without a gap.

Invariants. A record whose predecessor in its partition is not settled is never handled:
whatever the broker lost, reordered or never had, a consumer notices. A gap is believed
only when reading again from the settled place shows it too; then a new generation is
asked for, and until it begins nothing more of that partition is taken.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import structlog
from aiokafka import TopicPartition

from shared.messaging.arrivals import Arrival
from shared.messaging.consuming.progress import Place, Progress, Slot
from shared.messaging.consuming.reading import Age, Reading, Seeker, age_of, chained
from shared.messaging.contracts import owner_of
from shared.messaging.era import FIRST_ERA, Era, Filling
from shared.messaging.metrics import ARRIVALS, GAPS
from shared.messaging.topics import topic_of
from shared.messaging.trouble import until_answered


class Course:
    """The places of one consumer in the partitions it was given."""

    def __init__(
        self, *, consumer: str, sources: Sequence[str], progress: Progress
    ) -> None:
        self._consumer = consumer
        self._sources = tuple(sources)
        self._progress = progress
        self._fillings: Mapping[str, Filling] = {}
        self._readings: dict[Slot, Reading] = {}

    def problems(self) -> list[str]:
        """Return why some partition cannot go on, for operators."""
        found = []
        for (source, partition), reading in sorted(
            self._readings.items(), key=lambda item: item[0]
        ):
            where = f"{topic_of(source)}/{partition}"
            if reading.waiting:
                found.append(f"{where} waits for a new generation")
            if reading.ahead:
                found.append(
                    f"{where} has a generation later than the database: after a"
                    " restore run attest log restore"
                )
        return found

    def drop(self) -> None:
        """Forget all partitions: they are being given to somebody else."""
        self._readings.clear()

    async def take_up(self, assigned: Iterable[Any], seeker: Seeker) -> None:
        """Read *assigned* on from where they were settled."""
        self._fillings = await self._read_fillings()
        places = await until_answered(self._progress.places)
        for partition in assigned:
            slot = slot_of(partition.topic, partition.partition)
            place = places.get(slot)
            if place is None:
                continue  # not a source of this version of the consumer
            self._read_on(slot, place, seeker)

    async def watch_fillings(self, seeker: Seeker) -> None:
        """Start over in every topic that was filled anew since it was last read."""
        old, self._fillings = self._fillings, await self._read_fillings()
        for slot, reading in self._readings.items():
            is_new = old.get(slot[0]) != self._fillings.get(slot[0])
            if is_new or reading.place.era != self._era(slot):
                self._start_over(slot, seeker)

    async def screen(
        self, arrivals: Sequence[Arrival], seeker: Seeker
    ) -> tuple[list[Arrival], dict[Slot, Place]]:
        """Return what may be handled, and the places once that is settled."""
        if any(self._age(arrival) is Age.LATER for arrival in arrivals):
            await self.watch_fillings(seeker)
        takeable: list[Arrival] = []
        places: dict[Slot, Place] = {}
        held: set[Slot] = set()
        for arrival in arrivals:
            slot = slot_of(arrival.record.topic, arrival.record.partition)
            reading = self._readings.get(slot)
            if reading is None or reading.waiting or slot in held:
                continue
            after = self._follow(arrival, places.get(slot, reading.place))
            if after is None:
                held.add(slot)
                await self._hold(slot, reading, arrival, seeker)
                continue
            places[slot] = after
            if self._age(arrival) is Age.CURRENT:
                takeable.append(arrival)
                if chained(arrival) is not None:
                    reading.suspect = reading.ahead = False
            else:
                ARRIVALS.labels(self._consumer, "superseded").inc()
        return takeable, places

    async def settled(self, places: Mapping[Slot, Place]) -> None:
        """Store *places*: everything up to them is settled."""
        if not places:
            return
        await until_answered(lambda: self._progress.save(places))
        for slot, place in places.items():
            if slot in self._readings:
                self._readings[slot].place = place

    def return_to_settled(self, seeker: Seeker) -> None:
        """Read again everything that is not settled."""
        for slot, reading in self._readings.items():
            seeker.seek(_partition(slot), reading.place.next_offset)

    async def read_again(self, seeker: Seeker) -> bool:
        """Return whether partitions were behind; they are read from the stored place.

        That place may be older than the one settled last: places are not waited for on
        disk, so PostgreSQL may come back without the newest.
        """
        behind = await until_answered(self._progress.behind)
        again = {
            slot
            for slot, reading in self._readings.items()
            if slot in behind and not reading.waiting
        }
        if again:
            places = await until_answered(self._progress.places)
            for slot in again & places.keys():
                self._read_on(slot, places[slot], seeker)
        return bool(again)

    async def _read_fillings(self) -> Mapping[str, Filling]:
        return await until_answered(lambda: self._progress.fillings(self._sources))

    def _era(self, slot: Slot) -> Era:
        filling = self._fillings.get(slot[0])
        return filling.era if filling else FIRST_ERA

    def _read_on(self, slot: Slot, place: Place, seeker: Seeker) -> None:
        """Read on at a stored *place*."""
        self._readings[slot] = Reading(place)
        if place.era == self._era(slot):
            seeker.seek(_partition(slot), place.next_offset)
        else:
            self._start_over(slot, seeker)

    def _start_over(self, slot: Slot, seeker: Seeker) -> None:
        old = self._readings[slot].place
        place = replace(old, era=self._era(slot), next_offset=0)
        self._readings[slot] = Reading(place)
        seeker.seek(_partition(slot), 0)

    def _age(self, arrival: Arrival) -> Age:
        return age_of(arrival, self._fillings)

    def _follow(self, arrival: Arrival, place: Place) -> Place | None:
        """Return the place behind *arrival*, or None when it does not follow."""
        known, age = chained(arrival), self._age(arrival)
        after = replace(place, next_offset=arrival.record.offset + 1)
        if known is None or age is Age.OLDER:
            return after
        if age is Age.LATER or known.previous > place.position:
            return None
        return replace(after, position=max(place.position, known.position))

    async def _hold(
        self, slot: Slot, reading: Reading, arrival: Arrival, seeker: Seeker
    ) -> None:
        """Do not go on in this partition before the reason is gone."""
        if self._age(arrival) is Age.LATER:
            reading.ahead = True
        elif reading.suspect:
            reading.waiting = True
            await self._want_generation(slot, reading)
        else:
            reading.suspect = True
            seeker.seek(_partition(slot), reading.place.next_offset)

    async def _want_generation(self, slot: Slot, reading: Reading) -> None:
        source, era = slot[0], self._era(slot)
        GAPS.labels(self._consumer, source).inc()
        structlog.get_logger().warning(
            "consumer.gap",
            consumer=self._consumer,
            source=source,
            partition=slot[1],
            settled=reading.place.position,
            generation=era.generation,
        )
        await until_answered(lambda: self._progress.want_generation(source, era))


def slot_of(topic: str, partition: int) -> Slot:
    """Return source and partition of a partition of *topic*."""
    return owner_of(topic), partition


def _partition(slot: Slot) -> Any:
    return TopicPartition(topic_of(slot[0]), slot[1])
