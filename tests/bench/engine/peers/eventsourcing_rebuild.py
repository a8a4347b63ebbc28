"""One row a pod from a log of EVENTS in STREAMS, by a projection runner: it takes in one event at a time, each with its position
in one transaction."""

import json
import os
import sys
import time
from pathlib import Path
from uuid import uuid5, NAMESPACE_URL

from eventsourcing.application import Application
from eventsourcing.dispatch import singledispatchmethod
from eventsourcing.domain import Aggregate, event
from eventsourcing.persistence import Tracking
from eventsourcing.postgres import PostgresTrackingRecorder
from eventsourcing.projection import Projection, ProjectionRunner
from psycopg.sql import SQL
from psycopg.types.json import Jsonb

EVENTS, STREAMS = int(sys.argv[1]), int(sys.argv[2])
EACH = max(1, EVENTS // STREAMS)
os.environ.update(
    PERSISTENCE_MODULE="eventsourcing.postgres",
    POSTGRES_DBNAME=os.environ["PGDATABASE"],
    POSTGRES_HOST=os.environ["PGHOST"],
    POSTGRES_PORT=os.environ["PGPORT"],
    POSTGRES_USER=os.environ["PGUSER"],
    POSTGRES_PASSWORD=os.environ["PGPASSWORD"],
)
COLUMNS = ["id", "uid", "workload", "labels", "phase", "ready", "restarts", "node", "containers", "created_at", "position"]


def seen(stream, turn):
    """A pod as it was seen for the turn-th time, as in src/rebuilding.rs."""
    return {
        "created_at": "2026-11-20T08:00:00Z",
        "workload": f"Deployment~dev~team-{stream % 50}~web-{stream // 10}",
        "labels": {"app.kubernetes.io/name": f"web-{stream // 10}", "pod-template-hash": "5d4f8c7b9"},
        "phase": "Running",
        "ready": turn % 2 == 0,
        "restarts": turn,
        "node": f"node-{stream % 100}",
        "containers": [
            {
                "name": "web",
                "image": "registry.example.com/web:2.14.0",
                "ready": turn % 2 == 0,
                "restarts": turn,
                "state": "running",
            }
        ],
    }


class Pod(Aggregate):
    @event("Appeared")
    def __init__(self, nth, pod):
        self.nth = nth

    @staticmethod
    def create_id(nth, pod):
        return uuid5(NAMESPACE_URL, f"/pods/{nth}")

    @event("Seen")
    def see(self, pod):
        pass


class View(PostgresTrackingRecorder):
    def __init__(self, datastore, **kwargs):
        super().__init__(datastore, **kwargs)
        sets = ", ".join(f"{column} = excluded.{column}" for column in COLUMNS)
        values = ", ".join(f"%({column})s" for column in COLUMNS)
        self.upsert = SQL(
            f"INSERT INTO pods ({', '.join(COLUMNS)}) VALUES ({values}) ON CONFLICT (id) DO UPDATE SET {sets}"
        )

    def save(self, row, tracking):
        with self.datastore.transaction(commit=True) as cursor:
            self._insert_tracking(cursor, tracking)
            cursor.execute(self.upsert, row, prepare=True)


class Pods(Projection[View]):
    name = "pods"

    @singledispatchmethod
    def process_event(self, domain_event, tracking: Tracking):
        raise NotImplementedError

    @process_event.register(Pod.Appeared)
    @process_event.register(Pod.Seen)
    def _(self, domain_event, tracking: Tracking):
        row = dict(domain_event.pod)
        row.update(labels=Jsonb(row["labels"]), containers=Jsonb(row["containers"]))
        row.update(id=str(domain_event.originator_id), uid=str(domain_event.originator_id))
        row.update(position=tracking.notification_id)
        self.view.save(row, tracking)


def main():
    app = Application()
    with app.recorder.datastore.transaction(commit=True) as cursor:
        cursor.execute(Path(__file__).with_name("pods.sql").read_text())
    for start in range(0, STREAMS, 50):
        pods = [Pod(nth=nth, pod=seen(nth, 0)) for nth in range(start, min(start + 50, STREAMS))]
        for turn in range(1, EACH):
            for nth, pod in enumerate(pods, start):
                pod.see(pod=seen(nth, turn))
        app.save(*pods)
    last = app.recorder.max_notification_id()
    begun = time.perf_counter()
    with ProjectionRunner(application_class=Application, projection_class=Pods, view_class=View) as runner:
        runner.wait(last, timeout=300)
        seconds = time.perf_counter() - begun
    with app.recorder.datastore.transaction() as cursor:
        cursor.execute("SELECT count(*) AS count FROM pods")
        count = cursor.fetchone()["count"]
    assert count == STREAMS, f"{count} rows"
    print(json.dumps({"seconds": seconds}))


main()
