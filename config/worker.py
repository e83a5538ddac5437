"""A process that serves, which ends without breaking a promise to any visitor."""

from gunicorn.workers.gasgi import ASGIWorker


class Worker(ASGIWorker):
    """Ends in two steps: it says with each last answer that the connection closes, and closes none by itself before.

    gunicorn would close connections in the very moment of the signal, also where it has just told a visitor that
    theirs stays open: what they ask next is lost (RFC 9112, section 9.6).
    """

    is_ending = False

    def handle_exit_signal(self) -> None:
        if self.is_ending:
            return
        self.is_ending = True
        # The other processes listen to the same socket.
        for server in self.servers:
            server.close()
        # Visitors who ask nothing more are gone by then.
        self.loop.call_later(self.cfg.keepalive, self.stop)

    def stop(self) -> None:
        self.alive = False
