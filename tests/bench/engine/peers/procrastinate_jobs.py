"""Jobs that do nothing, added one call each by some clients while a worker performs them: JOBS CLIENTS any-order|in-order."""

import asyncio
import json
import sys
import time

from procrastinate import App, PsycopgConnector

JOBS, CLIENTS, ORDER = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
TARGETS = 1000
app = App(connector=PsycopgConnector(min_size=4, max_size=20))
performed = [0] * JOBS


@app.task(name="noop")
async def noop(nth):
    performed[nth] += 1


async def add(client):
    for nth in range(client, JOBS, CLIENTS):
        task = noop.configure(lock=f"target-{nth % TARGETS}") if ORDER == "in-order" else noop
        await task.defer_async(nth=nth)


async def is_left():
    sql = "SELECT EXISTS (SELECT FROM procrastinate_jobs WHERE status IN ('todo', 'doing')) AS is_left"
    return (await app.connector.execute_query_one_async(sql))["is_left"]


async def main():
    async with app.open_async():
        await app.schema_manager.apply_schema_async()
        worker = asyncio.create_task(
            app.run_worker_async(
                concurrency=CLIENTS, fetch_job_polling_interval=0.1, install_signal_handlers=False, delete_jobs="always"
            )
        )
        begun = time.perf_counter()
        await asyncio.gather(*(add(client) for client in range(CLIENTS)))
        adding = time.perf_counter() - begun
        while await is_left():
            await asyncio.sleep(0.01)
        seconds = time.perf_counter() - begun
        lost, doubled = performed.count(0), sum(1 for times in performed if times > 1)
        print(json.dumps({"seconds": seconds, "adding": adding, "lost": lost, "doubled": doubled}))
        worker.cancel()
        await asyncio.gather(worker, return_exceptions=True)


asyncio.run(main())
