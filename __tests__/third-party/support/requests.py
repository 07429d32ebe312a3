"""Asks the emulator's STS and portal by boto3, whose signatures the emulator has to accept; prints what it was told as JSON."""

import json
import sys

import boto3
from botocore import UNSIGNED
from botocore.config import Config
from botocore.exceptions import ClientError

url, key, secret, token, access = sys.argv[1:]
role = "arn:aws:iam::111111111111:role/long"
told = {}


def client(service, path, region="us-east-1", keys=(key, secret, None), **rest):
    access_key, secret_key, session_token = keys
    return boto3.client(
        service,
        endpoint_url=url + path,
        region_name=region,
        aws_access_key_id=access_key,
        aws_secret_access_key=secret_key,
        aws_session_token=session_token,
        **rest,
    )


def sts(**rest):
    return client("sts", "/sts", **rest)


def tell(name, ask):
    try:
        told[name] = ask()
    except ClientError as error:
        answer = error.response
        told[name] = f"{answer['ResponseMetadata']['HTTPStatusCode']} {answer['Error']['Code']}"


def who(keys):
    return sts(keys=keys).get_caller_identity()["Arn"]


def assume(region="us-east-1", **rest):
    answer = sts(region=region).assume_role(RoleArn=role, RoleSessionName="boto3", **rest)
    found = answer["Credentials"]
    return who((found["AccessKeyId"], found["SecretAccessKey"], found["SessionToken"]))


def with_token():
    answer = sts(config=Config(signature_version=UNSIGNED)).assume_role_with_web_identity(
        RoleArn=role, RoleSessionName="boto3", WebIdentityToken=token
    )
    found = answer["Credentials"]
    return who((found["AccessKeyId"], found["SecretAccessKey"], found["SessionToken"]))


def by_portal():
    portal = client("sso", "/sso", config=Config(signature_version=UNSIGNED))
    accounts = portal.list_accounts(accessToken=access)["accountList"]
    roles = portal.list_account_roles(accessToken=access, accountId=accounts[0]["accountId"])["roleList"]
    asked = {"accountId": accounts[0]["accountId"], "roleName": roles[0]["roleName"]}
    found = portal.get_role_credentials(accessToken=access, **asked)["roleCredentials"]
    return who((found["accessKeyId"], found["secretAccessKey"], found["sessionToken"]))


tell("a user", lambda: who((key, secret, None)))
tell("a role", assume)
tell("another region", lambda: assume(region="ap-southeast-4"))
tell(
    "every parameter",
    lambda: assume(
        DurationSeconds=900,
        ExternalId="some:id/of=@,.",
        Policy='{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}]}',
        PolicyArns=[{"arn": "arn:aws:iam::aws:policy/ReadOnlyAccess"}],
        Tags=[{"Key": "Team", "Value": "r e+d/ä:=@"}, {"Key": "Empty", "Value": ""}],
        TransitiveTagKeys=["Team"],
        SourceIdentity="octo.cat@example.com",
    ),
)
tell("a token", with_token)
tell("the portal", by_portal)
tell("a wrong secret", lambda: who((key, secret[::-1], None)))
tell("a wrong token", lambda: who((key, secret, "x")))
tell("a role that trusts someone else", lambda: sts().assume_role(RoleArn=role.replace("long", "nobody"), RoleSessionName="boto3"))
print(json.dumps(told))
