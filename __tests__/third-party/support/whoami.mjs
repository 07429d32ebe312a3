// Who the SDK for JavaScript is with a profile: its ARN and region, as JSON.
const [sdk, profile] = process.argv.slice(2);
const { STSClient, GetCallerIdentityCommand } = await import(sdk);
const client = new STSClient({ profile });
const { Arn: arn } = await client.send(new GetCallerIdentityCommand({}));
console.log(JSON.stringify({ arn, region: await client.config.region() }));
