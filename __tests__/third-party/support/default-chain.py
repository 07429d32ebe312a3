"""The access key that boto3 finds by its default chain, on one line."""

import boto3

print(boto3.Session().get_credentials().get_frozen_credentials().access_key)
