"""What goes wrong with a listing as a whole."""


class SourceFormatError(ValueError):
    """The bytes are not what the source's kind reads. The text names the URL, what was found, and what to do."""
