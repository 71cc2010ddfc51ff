"""What the scripts that drive the official Python client, docspace-api-sdk, share.

BASE_URL says where, API_KEY is a key of the owner without limits, EMAIL and PASSWORD are the owner's own.
"""

import importlib
import inspect
import json
import os
import pathlib
import re
import sys
import traceback
import warnings

# Two of the client's models have a field named `copy`, of which pydantic warns at import.
warnings.filterwarnings("ignore", message='Field name "copy"')

import docspace_api_sdk as sdk
from docspace_api_sdk.exceptions import ApiException

BASE_URL = os.environ["BASE_URL"]
API_KEY = os.environ["API_KEY"]
EMAIL = os.environ["EMAIL"]
PASSWORD = os.environ["PASSWORD"]
NEVER_EXISTED = 2**31 - 1
attempted, succeeded = set(), set()


class Recorder(sdk.ApiClient):
    """Notes which operations were called, and which of these calls a model of the client could read the answer of."""

    def param_serialize(self, method, resource_path, **rest):
        self.operation = f"{method} {resource_path}"
        attempted.add(self.operation)
        return super().param_serialize(method=method, resource_path=resource_path, **rest)

    def response_deserialize(self, response_data, response_types_map=None):
        read = super().response_deserialize(response_data=response_data, response_types_map=response_types_map)
        succeeded.add(self.operation)
        return read


class Mismatch(Exception):
    """What a reply should have said and did not."""


def expect(what, got, wanted):
    if got != wanted:
        raise Mismatch(f"{what} is {got!r}, not {wanted!r}")


def response(wrapper, count=1):
    """What the envelope holds; its other members are the same for every success."""
    expect("status in the envelope", wrapper.status, 0)
    expect("statusCode in the envelope", wrapper.status_code, 200)
    expect("count in the envelope", wrapper.count, count)
    expect("the number of links", len(wrapper.links), 1)
    expect("the link starts with the server's address", wrapper.links[0].href.startswith(BASE_URL), True)
    return wrapper.response


def refused(kind, call, *arguments, **named):
    """Makes a call that must be refused, and returns the message of the error envelope."""
    try:
        call(*arguments, **named)
    except kind as refusal:
        envelope = json.loads(refusal.body)
        expect("statusCode of the error envelope", envelope["statusCode"], refusal.status)
        expect("status of the error envelope", envelope["status"], 1)
        expect("the error has a message", bool(envelope["error"]["message"]), True)
        return envelope["error"]["message"]
    except ApiException as other:
        raise Mismatch(f"expected {kind.__name__}, got status {other.status}: {other.body}") from None
    raise Mismatch(f"expected {kind.__name__}, but the call succeeded")


def operations(modules):
    """The operations of these modules of the client, as `METHOD path`."""
    found = set()
    for module in modules:
        source = inspect.getsource(importlib.import_module(f"docspace_api_sdk.api.{module}"))
        pairs = re.findall(r'resource_path = "([^"]+)"\s+return \S+\(\s+method=\'(\w+)\'', source)
        found |= {f"{method} {path}" for path, method in pairs}
    return found


def nothing_left_out(wanted, only_refused):
    """Every operation was called, and answered in a form that the client can read, but for those we do not have."""
    missing = set(pathlib.Path(__file__).with_name("missing.txt").read_text().splitlines())
    expect("what was not called", sorted(wanted - missing - attempted), [])
    never = {each for each in wanted - missing - succeeded if not only_refused(each)}
    expect("what never succeeded", sorted(never), [])


def run(*checks):
    """Makes the checks in turn, and ends the program: well, if all of them went well."""
    failed = 0
    for check in checks:
        try:
            check()
            print(f"ok      {check.__name__}")
        except Exception:  # every kind of failure of a client counts against us
            failed += 1
            print(f"FAILED  {check.__name__}")
            traceback.print_exc()
    sys.exit(1 if failed else 0)
