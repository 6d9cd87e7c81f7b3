"""The briefing bot: from news sources and central banks to a message on a phone.

Data flows one way: ``sources`` (the web) → ``store`` (Redis) → ``briefing`` (what to say) → ``telegram``
(the Bot API). ``roles`` are the loops that drive it, ``assembly`` the one place where parts are joined.
"""
