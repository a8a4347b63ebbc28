"""Asks as programs in Python do, with the client `gql`: over HTTP with variables, and over a socket for one event.

Usage: client.py URL, with the access token in BINNACLE_TOKEN. Prints what it got as JSON. An error ends it with a trace.
"""

import asyncio
import json
import os
import sys

from gql import Client, gql
from gql.transport.aiohttp import AIOHTTPTransport
from gql.transport.websockets import WebsocketsTransport

VIEWER = "query($search: String) { viewer { username } namespaces(search: $search, first: 1) { totalCount } }"
EVENTS = 'subscription { auditEventRecorded(after: "0") { position type } }'


async def main(url: str, token: str) -> None:
    authorization = f"Bearer {token}"
    http = AIOHTTPTransport(url=url, headers={"Authorization": authorization})
    # The client reads the schema first and checks each document against it.
    async with Client(transport=http, fetch_schema_from_transport=True, execute_timeout=60) as session:
        query = gql(VIEWER)
        query.variable_values = {"search": "nobody-has-this"}
        answer = await session.execute(query)
    socket = WebsocketsTransport(
        url=url.replace("http", "ws", 1) + "/ws",
        init_payload={"authorization": authorization},
        subprotocols=[WebsocketsTransport.GRAPHQLWS_SUBPROTOCOL],
    )
    async with Client(transport=socket) as session:
        events = session.subscribe(gql(EVENTS))
        event = await asyncio.wait_for(anext(events), 60)
        await events.aclose()
    print(json.dumps({"answer": answer, "event": event}))


asyncio.run(main(sys.argv[1], os.environ["BINNACLE_TOKEN"]))
