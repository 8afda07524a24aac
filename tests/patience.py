"""How long a test waits for what must come, before it gives up."""

from __future__ import annotations

# No test waits when all is well. Seconds, and many: a machine that is busy with others may stand still for half a minute.
WAIT = 300.0
