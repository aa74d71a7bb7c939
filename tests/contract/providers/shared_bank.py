"""A process of its own that asks a shared sandbox bank; run it as a module with the arguments FILE OWN TIMES.

It waits for a line on its input, so that a test can let several begin together. Each of the TIMES rounds uses one key
that all processes share and one that only this process (OWN) uses, and prints the references that it was told.
"""

import asyncio
import sys
from pathlib import Path

from doorstep.providers.sandbox_payment import SandboxPayments
from tests.contract.providers.asking import authorization


async def ask(bank: SandboxPayments, own: str, times: int) -> list[str]:
    """The answers' references, in the order of the calls."""
    keys = [key for round_ in range(times) for key in (f"shared-{round_}", f"{own}-{round_}")]
    return [(await bank.call(authorization(key=key))).reference for key in keys]


if __name__ == "__main__":
    bank = SandboxPayments(Path(sys.argv[1]))
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    sys.stdin.readline()
    references = asyncio.run(ask(bank, sys.argv[2], int(sys.argv[3])))
    sys.stdout.write("\n".join(references))
