// Runs the emulator by hand: `npm run emulator -- --port 8787 --latency 50`, and `eval "$(…)"` or paste what it prints.
import { once } from 'node:events';
import { parseArgs } from 'node:util';
import { startEmulator } from './emulator.ts';
import { readWorld } from './world/world.ts';

const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '0' },
    latency: { type: 'string', default: '0' },
    lifetime: { type: 'string' },
  },
});

function number(option: 'port' | 'latency' | 'lifetime'): number {
  const value = Number(values[option]);
  if (Number.isSafeInteger(value) && value >= 0) return value;
  throw new TypeError(`--${option} must be a whole number.`);
}

const lifetime = values.lifetime === undefined ? {} : { lifetime: number('lifetime') };
const emulator = await startEmulator({ port: number('port'), latency: number('latency'), ...lifetime });
const world = readWorld();
const lines = [
  ...Object.entries(emulator.environment).map(([name, value]) => `export ${name}='${value}'`),
  '',
  `# The job: ${world.job.repository} on ${world.job.ref}. Everything else is in emulator/world.yaml:`,
  ...[...world.roles.keys()].map((arn) => `#   role    ${arn}`),
  ...[...world.users].map(([arn, user]) => `#   user    ${arn}  ${user.accessKeyId}  ${user.secretAccessKey}`),
  `#   sso     ${world.sso.startUrl}  ${world.sso.region}  ${world.sso.accessToken}`,
  '#',
  `# curl ${emulator.url}/emulator/requests                 what it was asked`,
  `# curl ${emulator.url}/emulator/faults -d '{"service":"sts","times":1,"effect":{"kind":"throttle"}}'`,
  `# curl ${emulator.url}/emulator/lifetime -d '{"seconds":20}'   sessions that expire soon`,
  `# curl -X POST ${emulator.url}/emulator/reset            forget both`,
];
console.log(lines.join('\n'));

await Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')]);
await emulator.close();
