"""Asks STS who it is, again and again in one process, for so many seconds; prints how often, or what failed."""

import sys
import time

import boto3

client = boto3.client("sts")
end = time.monotonic() + float(sys.argv[1])
calls = 0
while time.monotonic() < end:
    client.get_caller_identity()
    calls += 1
    time.sleep(0.5)
print("asked" if calls > 0 else "did not ask")
