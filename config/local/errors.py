"""What can keep an installation without servers of its own from starting."""


class LocalServersError(Exception):
    """A sentence for the person at the terminal; `manage.py up` prints it and ends."""


class MissingBinaryError(LocalServersError):
    """No server program was found."""


class AlreadyRunningError(LocalServersError):
    """Another supervisor holds the state folder."""


class ServerDiedError(LocalServersError):
    """A server ended by itself; the message carries the end of its log."""
