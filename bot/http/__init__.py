"""The one HTTP server of a process: is it alive, is it ready; and whatever routes the assembly adds.

The assembly opens :func:`~bot.http.server.http_server` with the address of ``HTTP_LISTEN`` and the routes of the
modules beside it. Nothing in here knows Redis or Telegram: a health check is a function that somebody gives.
"""
