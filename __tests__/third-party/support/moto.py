"""Fills a moto server, before it checks anything, with what the tests' world has; prints the user's keys as JSON."""

import json
import sys

import boto3

url, bucket = sys.argv[1:]
tools, staging = "111111111111", "222222222222"


def allow(actions, **rest):
    statement = {"Effect": "Allow", "Action": actions, **rest}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def client(service, keys=None):
    found = keys or {"AccessKeyId": "any", "SecretAccessKey": "any", "SessionToken": None}
    return boto3.client(
        service,
        endpoint_url=url,
        region_name="us-east-1",
        aws_access_key_id=found["AccessKeyId"],
        aws_secret_access_key=found["SecretAccessKey"],
        aws_session_token=found["SessionToken"],
    )


def role(iam, name, principals, action="sts:AssumeRole"):
    iam.create_role(RoleName=name, AssumeRolePolicyDocument=allow(action, Principal=principals))
    iam.put_role_policy(RoleName=name, PolicyName="work", PolicyDocument=allow(["sts:*", "s3:*"], Resource="*"))


def enter(account):
    """Keys of a session in an account: what is made with them is made there."""
    arn = f"arn:aws:iam::{account}:role/entry"
    return client("sts").assume_role(RoleArn=arn, RoleSessionName="entry")["Credentials"]


here = enter(tools)
iam = client("iam", here)
iam.create_user(UserName="ci")
iam.put_user_policy(UserName="ci", PolicyName="work", PolicyDocument=allow(["sts:*", "s3:*"], Resource="*"))
key = iam.create_access_key(UserName="ci")["AccessKey"]

user = f"arn:aws:iam::{tools}:user/ci"
issuer = f"arn:aws:iam::{tools}:oidc-provider/token.actions.githubusercontent.com"
session = f"arn:aws:sts::{tools}:assumed-role/%s/GitHubActions"
role(iam, "deploy", {"Federated": issuer}, "sts:AssumeRoleWithWebIdentity")
role(iam, "for-user", {"AWS": user})
role(iam, "long", {"AWS": user})
role(iam, "rollout", {"AWS": [session % "deploy", session % "for-user"]})
role(iam, "nobody", {"AWS": f"arn:aws:iam::{tools}:user/somebody-else"})
client("s3", here).create_bucket(Bucket=bucket)
sessions = [session % name for name in ("deploy", "for-user", "long")]
there = enter(staging)
client("s3", there).create_bucket(Bucket=f"{bucket}-staging")
role(client("iam", there), "target", {"AWS": [user, *sessions]})

pool = client("cognito-identity").create_identity_pool(
    IdentityPoolName="pool", AllowUnauthenticatedIdentities=True
)
made = {"accessKeyId": key["AccessKeyId"], "secretAccessKey": key["SecretAccessKey"], "pool": pool["IdentityPoolId"]}
print(json.dumps(made))
