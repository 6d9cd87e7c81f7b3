"""The only place where parts are made and joined. Nothing happens at import; everything made here is closed here.

The command line calls :func:`serve` or :func:`demo` with the settings; read ``serving.py`` to see how a running bot
hangs together. ``stores.py`` opens Redis, ``process.py`` is what the roles of one process share, ``patience.py`` how
long they wait for others; ``workers.py``, ``senders.py`` and ``bots.py`` join a role each, ``updates.py`` the two ways
in which people's updates come, ``consequences.py`` what follows from a send, ``watching.py`` meters and pages;
``transfer.py`` is export and import.
"""

from bot.assembly.patience import Patience
from bot.assembly.process import Process, token_of
from bot.assembly.senders import make_sender
from bot.assembly.serving import demo, serve
from bot.assembly.stores import Store, make_store, open_store, where

__all__ = [
    "Patience",
    "Process",
    "Store",
    "demo",
    "make_sender",
    "make_store",
    "open_store",
    "serve",
    "token_of",
    "where",
]
