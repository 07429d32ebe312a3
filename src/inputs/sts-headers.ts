import { invalidInput } from '../contract/errors.ts';
import type { YamlNode } from '../formats/yaml.ts';
import type { Inputs } from './inputs.ts';

/** A header's name in lower case, and its value. */
export type Header = readonly [name: string, value: string];

/** What signing and the SDK set themselves. */
const reservedHeaders =
  /^(authorization|host|date|content-.*|x-amz-(date|security-token|content-sha256|user-agent)|amz-sdk-.*)$/;

/** What the connection owns, or what SigV4 leaves out of the signature because a proxy may change it. */
const unsigned =
  /^(cache-control|connection|cookie|expect|from|keep-alive|max-forwards|pragma|referer|te|trailer|transfer-encoding|upgrade|user-agent|x-amzn-trace-id|proxy-.*|sec-.*)$/;

/** Reads `sts-headers`, a map in JSON or YAML. Throws INPUT_INVALID. */
export function readStsHeaders(inputs: Inputs): readonly Header[] {
  const map = inputs.yaml('sts-headers');
  if (map === undefined) return [];
  if (map.kind !== 'map') throw invalidHeader('is not a map in YAML or JSON.');
  const headers = map.entries.map(({ key, value }): Header => [key.toLowerCase(), checkHeader(key, value)]);
  const twice = headers.find(([name], index) => headers.findIndex(([other]) => other === name) < index);
  if (twice !== undefined) throw invalidHeader(`names the header ${twice[0]} twice.`);
  return headers;
}

function checkHeader(name: string, value: YamlNode): string {
  if (!/^[\w!#$%&'*+.^`|~-]{1,128}$/.test(name)) throw invalidHeader('holds a name that no header can have.');
  if (reservedHeaders.test(name.toLowerCase()))
    throw invalidHeader(`names the header ${name}, which signing sets itself.`);
  if (unsigned.test(name.toLowerCase()))
    throw invalidHeader(`names the header ${name}, which a signature cannot cover.`);
  const text = value.kind === 'text' ? value.text : '';
  if (/^[\x21-\x7e](?:[\x20-\x7e]{0,2046}[\x21-\x7e])?$/.test(text)) return text;
  throw invalidHeader(`gives ${name} a value that no header can have: it must be one line of plain characters.`);
}

function invalidHeader(problem: string) {
  return invalidInput(
    'sts-headers',
    problem,
    'Write one header a line, such as "x-amz-source-account: \'111122223333\'".',
  );
}
