import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { pathOf, tools } from './tools.ts';

const reader = fileURLToPath(new URL('hcl.py', import.meta.url));
const provider = 'arn:aws:iam::111111111111:oidc-provider/token.actions.githubusercontent.com';

type Condition = { readonly test: string; readonly variable: string; readonly values: readonly string[] };
interface Statement {
  readonly actions: readonly string[];
  readonly resources?: readonly string[];
  readonly principals?: readonly { readonly type: string; readonly identifiers: readonly string[] }[];
  readonly condition?: readonly Condition[];
}
type Blocks = Readonly<Record<string, Readonly<Record<string, { readonly statement: readonly Statement[] }>>>>;

/** IAM takes one value and a list of one alike. */
const unwrapped = (values: readonly string[]): string | readonly string[] => {
  const [first, ...rest] = values;
  return first === undefined || rest.length > 0 ? values : first;
};

/** The document that Terraform's data source makes of a statement. */
function documentOf({ actions, resources, principals = [], condition = [] }: Statement): unknown {
  const operators = [...new Set(condition.map(({ test }) => test))];
  const keysOf = (operator: string) =>
    condition.flatMap(({ test, variable, values }) => (test === operator ? [[variable, unwrapped(values)]] : []));
  const parts = {
    ...(principals.length > 0
      ? { Principal: Object.fromEntries(principals.map(({ type, identifiers }) => [type, unwrapped(identifiers)])) }
      : {}),
    ...(resources === undefined ? {} : { Resource: unwrapped(resources) }),
    ...(operators.length > 0
      ? { Condition: Object.fromEntries(operators.map((operator) => [operator, Object.fromEntries(keysOf(operator))])) }
      : {}),
  };
  return { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: unwrapped(actions), ...parts }] };
}

/** The policies of a file of Terraform by the names of their data sources; its provider has the ARN that AWS gives it. */
export function policiesOfTerraform(file: string): Readonly<Record<string, unknown>> {
  const printed = execFileSync(join(pathOf(tools.python), 'python'), [reader, file], { encoding: 'utf8' });
  // The parser keeps the quotes of names and strings.
  const plain: { readonly data: readonly Blocks[] } = JSON.parse(
    printed.replaceAll('\\"', '').replace(/\$\{aws_iam_openid_connect_provider\.github\.arn\}/g, provider),
  );
  const sources = plain.data.flatMap((block) => Object.entries(block.aws_iam_policy_document ?? {}));
  return Object.fromEntries(
    sources.flatMap(([name, { statement }]) => statement.map((one) => [name, documentOf(one)] as const)),
  );
}

interface Resource {
  readonly Type: string;
  readonly Properties: Readonly<Record<string, unknown>>;
}

/** The role's properties in a template as JSON; what refers to the provider has its ARN. */
export function roleOfTemplate(template: string): Readonly<Record<string, unknown>> {
  const read: { readonly Resources: Readonly<Record<string, Resource>> } = JSON.parse(template);
  const nameOf = (type: string) => Object.entries(read.Resources).find(([, { Type }]) => Type === type)?.[0] ?? '';
  const id = nameOf('AWS::IAM::OIDCProvider');
  const resolved: typeof read = JSON.parse(
    JSON.stringify(read)
      .replaceAll(`{"Ref":"${id}"}`, JSON.stringify(provider))
      .replaceAll(`{"Fn::GetAtt":["${id}","Arn"]}`, JSON.stringify(provider)),
  );
  return resolved.Resources[nameOf('AWS::IAM::Role')]?.Properties ?? {};
}
