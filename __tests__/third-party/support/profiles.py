"""What botocore makes of profiles: rows of {config, credentials, profile} on stdin, as JSON, and a list of outcomes on stdout."""

import json
import os
import sys
import tempfile

import botocore.session
from botocore.credentials import ConfigProvider, SharedCredentialProvider
from botocore.exceptions import BotoCoreError, ConfigParseError, PartialCredentialsError, ProfileNotFound

KEYS = ("aws_access_key_id", "aws_secret_access_key", "aws_session_token", "aws_security_token")


def flat(settings):
    for key, value in settings.items():
        if isinstance(value, dict):
            yield from ((f"{key}.{nested}", text) for nested, text in value.items())
        else:
            yield key, value


def keys_of(row, paths):
    for provider in (
        SharedCredentialProvider(paths["credentials"], profile_name=row["profile"]),
        ConfigProvider(paths["config"], profile_name=row["profile"]),
    ):
        credentials = provider.load()
        if credentials is not None:
            frozen = credentials.get_frozen_credentials()
            return dict(zip(KEYS, frozen))
    return {}


def outcome(row, folder):
    paths = {name: os.path.join(folder, name) for name in ("config", "credentials")}
    for name, path in paths.items():
        if os.path.exists(path):
            os.remove(path)
        if row.get(name) is not None:
            with open(path, "w", encoding="utf-8", newline="") as file:
                file.write(row[name])
    os.environ.update(AWS_CONFIG_FILE=paths["config"], AWS_SHARED_CREDENTIALS_FILE=paths["credentials"])
    try:
        settings = dict(flat(botocore.session.Session(profile=row["profile"]).get_scoped_config()))
        keys = keys_of(row, paths)
    except ProfileNotFound:
        return "absent"
    except (ConfigParseError, PartialCredentialsError):
        return "refused"
    # It keeps no more than one token, whatever its key is called.
    token = keys.pop("aws_session_token", None)
    name = "aws_security_token" if settings.get("aws_security_token") == token else "aws_session_token"
    rest = {key: value for key, value in settings.items() if key not in KEYS}
    found = {**rest, **keys, name: token}
    return {key: value for key, value in found.items() if value}


for variable in [name for name in os.environ if name.startswith("AWS_")]:
    del os.environ[variable]
with tempfile.TemporaryDirectory() as folder:
    print(json.dumps([outcome(row, folder) for row in json.load(sys.stdin)]))
