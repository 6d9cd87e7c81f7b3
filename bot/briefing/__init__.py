"""From facts to messages: pure functions that word stories, lists, pages and rates for people.

Nothing in this room waits, reads a clock or knows Redis or Telegram's API: values, a Tongue and ``now``
come in, a message that fits Telegram's limits goes out.
"""
