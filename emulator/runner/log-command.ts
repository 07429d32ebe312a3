/** A `::name key=value::data` line. */
export interface LogCommand {
  readonly name: string;
  readonly properties: Readonly<Record<string, string>>;
  readonly data: string;
}

// The percent sign comes last, or an escaped escape would be unescaped twice.
const unescapeData = (text: string): string =>
  text.replaceAll('%0D', '\r').replaceAll('%0A', '\n').replaceAll('%25', '%');

const unescapeProperty = (text: string): string => unescapeData(text.replaceAll('%3A', ':').replaceAll('%2C', ','));

function propertiesOf(text: string): Readonly<Record<string, string>> {
  const entries = text.split(',').flatMap((property) => {
    const at = property.indexOf('=');
    return at > 0 ? [[property.slice(0, at).trim(), unescapeProperty(property.slice(at + 1))] as const] : [];
  });
  return Object.fromEntries(entries);
}

/** The command in a line of output, if the line is one. Whether the runner knows its name is another matter. */
export function parseLogCommand(line: string): LogCommand | undefined {
  const [, name, properties = '', data = ''] = /^\s*::([^\s:]+)(?: (.*?))?::(.*)$/s.exec(line) ?? [];
  return name === undefined
    ? undefined
    : { name: name.toLowerCase(), properties: propertiesOf(properties), data: unescapeData(data) };
}
