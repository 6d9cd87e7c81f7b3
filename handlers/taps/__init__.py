"""Every kind of button, as small values: one room for each corner of the bot. :mod:`handlers.buttons` writes them."""
