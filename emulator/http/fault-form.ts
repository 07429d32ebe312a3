import type { Fault } from '../contract.ts';
import { type Mapping, mapping, text, whole } from '../world/shape.ts';

const services = ['github', 'sts', 'sso', 'sso-oidc', 'cognito-identity', 'ecs', 'eks', 'imds'] as const;

function readEffect(effect: Mapping): Fault['effect'] {
  const kind = text(effect.kind, 'effect.kind');
  const status = () => whole(effect.status, 'effect.status');
  switch (kind) {
    case 'latency':
      return { kind, milliseconds: whole(effect.milliseconds, 'effect.milliseconds') };
    case 'throttle':
    case 'reset':
    case 'hang':
    case 'truncate':
      return { kind };
    case 'status':
      return { kind, status: status() };
    case 'error':
      return {
        kind,
        status: status(),
        code: text(effect.code, 'effect.code'),
        message: text(effect.message, 'effect.message'),
      };
    case 'body':
      return {
        kind,
        status: status(),
        contentType: text(effect.contentType, 'effect.contentType'),
        body: String(effect.body),
      };
    default:
      throw new TypeError(`effect.kind ${kind} is not one that the emulator knows.`);
  }
}

/** Reads a fault that was sent as JSON. */
export function readFault(value: unknown): Fault {
  const fault = mapping(value, 'The fault');
  const service = services.find((name) => name === fault.service);
  if (fault.service !== undefined && service === undefined)
    throw new TypeError(`service must be one of ${services.join(', ')}.`);
  return {
    ...(service === undefined ? {} : { service }),
    ...(fault.operation === undefined ? {} : { operation: text(fault.operation, 'operation') }),
    ...(fault.times === undefined ? {} : { times: whole(fault.times, 'times') }),
    ...(fault.after === undefined ? {} : { after: whole(fault.after, 'after') }),
    effect: readEffect(mapping(fault.effect, 'effect')),
  };
}
