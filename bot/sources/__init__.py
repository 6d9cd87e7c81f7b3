"""From the web to the model: polled pages become entries, articles and quotes; nothing here knows Redis or
Telegram.

In the order of the flow: ``sources_file`` says what to poll, ``fetching`` gets the bytes, ``decoding`` makes
them text, ``feed``, ``wordpress``, ``listing`` and ``rates`` read them, ``articles`` tags them. ``polling``
is the door that the worker uses: one call for one poll of one source.
"""
