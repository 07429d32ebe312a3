/** `arn:PARTITION:SERVICE:REGION:ACCOUNT:RESOURCE` */
export interface Arn {
  readonly partition: string;
  readonly service: string;
  readonly account: string;
  readonly resource: string;
}

/** A role's ARN; `name` is without the path, as in the ARNs of its sessions. */
export interface RoleArn {
  readonly partition: string;
  readonly account: string;
  readonly name: string;
}

export function parseArn(arn: string): Arn | undefined {
  const parts = /^arn:([\w-]+):([\w-]+):[\w-]*:(\d{12}|aws|):(.+)$/.exec(arn);
  const [, partition, service, account, resource] = parts ?? [];
  if (partition === undefined || service === undefined || account === undefined || resource === undefined)
    return undefined;
  return { partition, service, account, resource };
}

export function parseRoleArn(arn: string): RoleArn | undefined {
  const parsed = parseArn(arn);
  const name = /^role\/(?:[\x21-\x7e]+\/)?([\w+=,.@-]+)$/.exec(parsed?.resource ?? '')?.[1];
  if (parsed?.service !== 'iam' || name === undefined || parsed.account.length !== 12) return undefined;
  return { partition: parsed.partition, account: parsed.account, name };
}

/** The partition that a region belongs to. */
export function partitionOf(region: string): string {
  if (region.startsWith('cn-')) return 'aws-cn';
  if (region.startsWith('us-gov-')) return 'aws-us-gov';
  return 'aws';
}
