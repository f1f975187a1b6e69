"""A bad network: a TCP relay with delay, bandwidth, stalls and cuts of the tests' own."""

import asyncio
import socket
import struct
import threading

CHUNK_BYTES = 16_384
WINDOW_BYTES = 262_144  # what the relay holds in each direction of a connection


class Relay:
    """Listens on a port of its own and passes on to another, in a thread, until close()."""

    def __init__(self, port, delay_ms=0, bytes_per_s=None, blocks_upgrades=False):
        self.target = port
        self.delay_s = delay_ms / 1000
        self.bytes_per_s = bytes_per_s  # down, to the browser; None is unlimited
        self.blocks_upgrades = blocks_upgrades  # as some companies' proxies do
        self.is_refusing = False
        self.accepted = 0
        self.links = set()
        self.loop = asyncio.new_event_loop()
        self.flows = asyncio.Event()
        self.flows.set()
        threading.Thread(target=self.loop.run_forever, daemon=True).start()
        self.server = self._run(asyncio.start_server(
            self._accept, "127.0.0.1", 0, limit=CHUNK_BYTES))
        self.port = self.server.sockets[0].getsockname()[1]

    @property
    def origin(self):
        return f"http://127.0.0.1:{self.port}"

    def _run(self, coroutine):
        return asyncio.run_coroutine_threadsafe(coroutine, self.loop).result(30)

    async def _accept(self, reader, writer):
        self.accepted += 1
        if self.is_refusing:
            writer.transport.abort()
            return
        try:
            # A small receive buffer, so that a stall reaches the server as a slow network's would.
            raw = socket.socket()
            raw.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, WINDOW_BYTES)
            raw.setblocking(False)
            await self.loop.sock_connect(raw, ("127.0.0.1", self.target))
            up_reader, up_writer = await asyncio.open_connection(sock=raw, limit=CHUNK_BYTES)
        except OSError:
            writer.transport.abort()
            return
        link = (writer, up_writer)
        self.links.add(link)
        try:
            await asyncio.gather(self._pass(reader, up_writer, False),
                                 self._pass(up_reader, writer, True))
        except asyncio.CancelledError:
            pass  # the relay is closed
        finally:
            self.links.discard(link)
            for end in link:
                end.close()

    async def _pass(self, reader, writer, is_down):
        """One direction: a reader fills a line in which bytes are as old as the delay."""
        line = asyncio.Queue(maxsize=max(1, WINDOW_BYTES // CHUNK_BYTES))

        async def fill():
            try:
                while data := await reader.read(CHUNK_BYTES):
                    await line.put((self.loop.time() + self.delay_s, data))
            except OSError:
                pass
            await line.put((0, b""))

        filling = asyncio.ensure_future(fill())
        free_at = 0.0
        try:
            while True:
                due, data = await line.get()
                if not data:
                    break
                if not is_down and self.blocks_upgrades and b"upgrade: websocket" in data.lower():
                    break
                rate = self.bytes_per_s if is_down else None
                if rate:
                    free_at = max(free_at, self.loop.time()) + len(data) / rate
                    due = max(due, free_at)
                if (left := due - self.loop.time()) > 0:
                    await asyncio.sleep(left)
                await self.flows.wait()
                writer.write(data)
                await writer.drain()
            if writer.can_write_eof():
                writer.write_eof()
        except (OSError, RuntimeError):
            pass
        finally:
            filling.cancel()
            writer.close()

    def cut(self):
        """Every connection ends as by a pulled cable's reset; new ones are taken."""
        async def abort():
            for link in list(self.links):
                for end in link:
                    raw = end.get_extra_info("socket")
                    try:
                        if raw is not None:
                            raw.setsockopt(
                                socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                    except OSError:
                        pass  # it has just ended by itself
                    end.transport.abort()
        self._run(abort())

    def refuse(self, is_refusing=True):
        """Whether new connections are turned away at once."""
        self.is_refusing = is_refusing

    def stall(self):
        """Nothing flows, and nobody is told."""
        self.loop.call_soon_threadsafe(self.flows.clear)

    def resume(self):
        self.loop.call_soon_threadsafe(self.flows.set)

    def close(self):
        async def end():
            self.server.close()
            tasks = asyncio.all_tasks() - {asyncio.current_task()}
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
        self.resume()
        self.cut()
        self._run(end())
        self.loop.call_soon_threadsafe(self.loop.stop)
