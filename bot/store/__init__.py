"""Everything Redis, and the only place that knows its keys.

What comes in are values of :mod:`bot.model`; what goes out are the same, or typed outcomes. Roles and handlers
call it; it calls nobody. Every decision that several processes could take at once is one Lua script in
``scripts/``: it reads Redis' own clock, touches one hash slot, and so runs alike on one Redis, behind Sentinel
and in a Cluster. Redis' errors become :class:`~bot.errors.StoreUnavailable` in :mod:`bot.store.connect`.
"""
