import { execFile } from 'node:child_process';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { pathOf, tools } from './tools.ts';

/** The tools whose default chain is asked. */
export const consumers = ['cli', 'boto3', 'js'] as const;
export type Consumer = (typeof consumers)[number];

/** What a tool finds: the access key, or nothing, and all that it says. */
export interface Found {
  readonly accessKeyId: string;
  readonly said: string;
}

/** An AWS that hears who signed, and says that it is them. */
export interface Listener {
  readonly url: string;
  close(): void;
}

export async function startListener(): Promise<Listener> {
  const server = createServer(({ headers }, response) => {
    const signer = /Credential=(\w+)\//.exec(headers.authorization ?? '')?.[1] ?? '';
    const result = `<GetCallerIdentityResult><Arn>${signer}</Arn></GetCallerIdentityResult>`;
    response.setHeader('content-type', 'text/xml');
    response.end(`<GetCallerIdentityResponse>${result}</GetCallerIdentityResponse>`);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return { url: `http://127.0.0.1:${port}`, close: () => void server.close() };
}

const script = (name: string): string => fileURLToPath(new URL(name, import.meta.url));

function commandOf(consumer: Consumer): readonly [program: string, ...words: readonly string[]] {
  const python = pathOf(tools.python);
  switch (consumer) {
    case 'cli':
      return [join(python, 'aws'), 'sts', 'get-caller-identity', '--output', 'text', '--query', 'Arn'];
    case 'boto3':
      return [join(python, 'python'), script('default-chain.py')];
    case 'js':
      return [process.execPath, script('default-chain.mjs')];
  }
}

/** What the tool's default chain finds in this environment. */
export async function find(consumer: Consumer, env: Readonly<Record<string, string>>, aws: Listener): Promise<Found> {
  const [program, ...words] = commandOf(consumer);
  const variables = { AWS_REGION: 'us-east-1', AWS_DEFAULT_REGION: 'us-east-1', ...env, AWS_ENDPOINT_URL_STS: aws.url };
  const [stdout, stderr] = await new Promise<readonly [string, string]>((resolve) => {
    const options = { env: variables, encoding: 'utf8' } as const;
    execFile(program, [...words], options, (_error, out, complaint) => resolve([out, complaint]));
  });
  return { accessKeyId: stdout.trim(), said: stdout + stderr };
}
