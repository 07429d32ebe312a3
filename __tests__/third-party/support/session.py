"""What boto3 finds in a job: who it is and what it can read, as JSON, or the name of its complaint."""

import json
import sys

import boto3
from botocore.exceptions import BotoCoreError, ClientError

bucket, key, profile = (*sys.argv[1:], None)[:3]
try:
    session = boto3.Session(profile_name=profile) if profile else boto3.Session()
    # A region of its own, so that a job without one is told that it has no credentials.
    arn = session.client("sts", region_name="us-east-1").get_caller_identity()["Arn"]
    text = session.client("s3").get_object(Bucket=bucket, Key=key)["Body"].read().decode()
    print(json.dumps({"arn": arn, "region": session.region_name, "text": text}))
except (BotoCoreError, ClientError) as error:
    print(json.dumps({"error": type(error).__name__}))
