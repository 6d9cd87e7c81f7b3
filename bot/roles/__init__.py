"""The loops that drive everything: the worker polls sources, the bot answers people, the sender pushes.

Each role is given its parts by the assembly and runs until it is told to stop; any number of each may run, on
any number of machines, over one Redis. Rule of every loop: effect first, memory last, effects idempotent or
bounded. A store that is down is said once, and tried again with back-off.
"""
