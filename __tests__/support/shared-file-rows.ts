// What a profile of the shared files is, by their text: for our reader, and for botocore.

/** A profile's settings; or that it is refused, or in neither file. */
export type Outcome = 'refused' | 'absent' | Readonly<Record<string, string>>;

export interface Row {
  readonly name: string;
  readonly config?: string | undefined;
  readonly credentials?: string | undefined;
  readonly profile: string;
  readonly want: Outcome;
  /** Only if botocore differs: what it gives, and why ours is not the same. */
  readonly botocore?: { readonly want: Outcome; readonly why: string } | undefined;
}

/** The two lines of a pair of keys. */
export const keys = (id: string): string => `aws_access_key_id = AKIA${id}\naws_secret_access_key = s${id}\n`;
export const pair = (id: string) => ({ aws_access_key_id: `AKIA${id}`, aws_secret_access_key: `s${id}` });

/** Why ours may differ from botocore. */
export const why = {
  one: 'it refuses the whole file, ours the one profile',
  mark: 'it does not skip a byte order mark',
  comment: 'it takes a comment after a value for value; no value of these keys holds a blank',
  command: 'it gives a comment to the program, other SDKs remove it',
  dealt: 'it gives the keys of [DEFAULT] to every profile',
  header: 'it ends a header at the last bracket, in a comment too',
  blanks: 'it takes the blanks in the brackets for a part of the name',
  prefix: 'it takes every first word that begins with profile',
  deeper: 'it takes a deeper line for value, other SDKs for what it looks like',
  stuck: 'it takes the header for value, and the keys below it for those of the section above',
  twice: 'it takes the last of two forms of a header',
  empty: 'a key without a value is not set',
  nested: 'it compares nested keys with case',
} as const;

/** A row of either file: in the config file, each header that is not `[default]` says `profile`. */
const either = (row: Omit<Row, 'config' | 'credentials'> & { readonly text: string }): readonly Row[] => {
  const { text, name, ...rest } = row;
  const config = text.replace(/^([^\S\n]*\[)(?!default\]|DEFAULT\]|\])/gm, '$1profile ');
  return [
    { ...rest, name: `credentials: ${name}`, credentials: text },
    { ...rest, name: `config: ${name}`, config },
  ];
};
const refusal = { want: 'refused', why: why.one } as const;

type Readable = readonly [name: string, text: string, want: Outcome];
type Differing = readonly [...Readable, theirs: Outcome, reason: string];

const readable: readonly Readable[] = [
  ['keys', `[dev]\n${keys('A')}`, pair('A')],
  ['another section after it', `[dev]\n${keys('A')}[prod]\n${keys('B')}`, pair('A')],
  ['another section before it', `[prod]\n${keys('B')}[dev]\n${keys('A')}`, pair('A')],
  ['no line end at the end', `[dev]\nregion = eu-west-1`, { region: 'eu-west-1' }],
  ['colons', '[dev]\naws_access_key_id: AKIAA\naws_secret_access_key: sA\n', pair('A')],
  ['a colon in a value', '[dev]\nrole_arn = arn:aws:iam::1:role/r\n', { role_arn: 'arn:aws:iam::1:role/r' }],
  ['an equals sign in a value', '[dev]\nexternal_id = a=b=\n', { external_id: 'a=b=' }],
  ['an equals sign after a colon', '[dev]\nexternal_id: a=b\n', { external_id: 'a=b' }],
  [
    'keys in capitals',
    '[dev]\nmfa_Serial = m\nExternal_ID = e\nDURATION_SECONDS = 900\n',
    { mfa_serial: 'm', external_id: 'e', duration_seconds: '900' },
  ],
  ['no blanks around the delimiter', '[dev]\nregion=eu-west-1\n', { region: 'eu-west-1' }],
  ['tabs around the delimiter', '[dev]\nregion\t=\teu-west-1\t\n', { region: 'eu-west-1' }],
  ['blanks after a value', '[dev]\nregion = eu-west-1   \n', { region: 'eu-west-1' }],
  ['quotes stay', '[dev]\nexternal_id = "a b"\n', { external_id: '"a b"' }],
  ['a value that ends in a number sign', '[dev]\nexternal_id = a#\n', { external_id: 'a#' }],
  ['a comment sign without a blank', '[dev]\nexternal_id = a#b;c\n', { external_id: 'a#b;c' }],
  ['a value that begins with slashes', '[dev]\nexternal_id = //a\n', { external_id: '//a' }],
  ['comment lines', `# a\n; b\n[dev]\n# region = x\n${keys('A')}  # c\n;d\n`, pair('A')],
  ['a comment with a mark and brackets', `[dev]\n# [prod] !\n${keys('A')}`, pair('A')],
  ['blank lines', `\n\n[dev]\n\n${keys('A')}\n   \n`, pair('A')],
  ['a comment after the header', `[dev] # mine\n${keys('A')}`, pair('A')],
  ['a comment stuck to the header', `[dev]#mine\n${keys('A')}`, pair('A')],
  ['a comment stuck to the header below', `[dev]\n${keys('A')}[prod]#live\n${keys('B')}`, pair('A')],
  ['text after the header', `[dev] mine\n${keys('A')}`, pair('A')],
  ['an equals sign after the header', `[dev] = mine\n${keys('A')}`, pair('A')],
  ['keys all indented alike', `[dev]\n${keys('A').replaceAll(/^/gm, '  ').trimEnd()}\n[prod]\n`, pair('A')],
  ['the first key alone indented', `[dev]\n  ${keys('A')}`, pair('A')],
  ['an indented header first', `  [dev]\n${keys('A')}`, pair('A')],
  ['a header as deep as the key above it', `[prod]\n  output = x\n  [dev]\n${keys('A')}`, pair('A')],
  ['an unknown key of two lines', `[dev]\nnote = a\n  b\n${keys('A')}`, pair('A')],
  [
    'an unknown key of two lines with a comment and a blank line in it',
    `[dev]\nnote = a\n# c\n\n  b\n${keys('A')}`,
    pair('A'),
  ],
  [
    'nested keys',
    `[dev]\ns3 =\n  addressing_style = path\n  max_queue_size = 1\n${keys('A')}`,
    { ...pair('A'), 's3.addressing_style': 'path', 's3.max_queue_size': '1' },
  ],
  [
    'nested keys with a blank line and a comment',
    `[dev]\ns3 =\n\n  # c\n  addressing_style = path\n${keys('A')}`,
    { ...pair('A'), 's3.addressing_style': 'path' },
  ],
  [
    'a nested key that the step reads elsewhere',
    '[dev]\nsts =\n  endpoint_url = http://x\n  region = y\n',
    { 'sts.endpoint_url': 'http://x', 'sts.region': 'y' },
  ],
  [
    'a nested key twice',
    '[dev]\nsts =\n  endpoint_url = http://x\n  endpoint_url = http://y\n',
    { 'sts.endpoint_url': 'http://y' },
  ],
  [
    'a command with quotes and a comment sign in them',
    '[dev]\ncredential_process = ./get "team #1" --json\n',
    { credential_process: './get "team #1" --json' },
  ],
  [
    'a command in three lines',
    '[dev]\ncredential_process = ./get\n    --role\n    prod\n',
    { credential_process: './get\n--role\nprod' },
  ],
  [
    'a command with brackets at its end, and keys below it',
    '[dev]\ncredential_process = ./get [prod]\nregion = eu-west-1\n',
    { credential_process: './get [prod]', region: 'eu-west-1' },
  ],
  [
    'a command that is continued by what looks like a key',
    '[dev]\ncredential_process = ./get\n  region = x\n',
    { credential_process: './get\nregion = x' },
  ],
  [
    'an address in brackets',
    '[dev]\nendpoint_url = http://[::1]\nregion = eu-west-1\n',
    { endpoint_url: 'http://[::1]', region: 'eu-west-1' },
  ],
  ['a bracket in a value, and nothing below', `[dev]\n${keys('A')}note = [b]\n`, pair('A')],
  ['a list in a key of others', `[dev]\nnote = ["a", "b"]\n${keys('A')}`, pair('A')],
  ['an index in a key of others', `[dev]\ncli_query = Items[0]\n${keys('A')}`, pair('A')],
  [
    'a separator that is not a line end',
    '[dev]\nexternal_id = a\u2028b\fc\u0085d\n',
    { external_id: 'a\u2028b\fc\u0085d' },
  ],
  ['a no-break space at the end of a value', '[dev]\nregion = eu-west-1\u00A0\n', { region: 'eu-west-1' }],
  ['a name that is not ASCII', `[Café]\n${keys('B')}[dev]\n${keys('A')}`, pair('A')],
  ['a section without keys', '[dev]\n', {}],
  ['the default profile', `[default]\n${keys('D')}[dev]\nregion = eu-west-1\n`, { region: 'eu-west-1' }],
];

const refusals: readonly (readonly [name: string, text: string, botocore?: Row['botocore'] | 'the same'])[] = [
  ['a header without a closing bracket below', `[dev]\n${keys('A')}[prod\n${keys('B')}`],
  ['a line without a delimiter', `[dev]\n${keys('A')}nothing\n`],
  ['a key without a name', `[dev]\n${keys('A')}= x\n`],
  ['a key without a name, by a colon', `[dev]\n${keys('A')}: x\n`],
  [
    'a bracket before a key',
    `[dev]\n${keys('A')}[region = x\n`,
    { want: pair('A'), why: 'it takes the bracket for a part of the key' },
  ],
  ['a header without a name below', `[dev]\n${keys('A')}[]\nregion = x\n`],
  ['a key twice', `[dev]\n${keys('A')}region = x\nregion = y\n`],
  ['a key twice with one value', `[dev]\n${keys('A')}region = x\nregion = x\n`],
  ['a key twice in other letters', `[dev]\n${keys('A')}AWS_ACCESS_KEY_ID = AKIAB\n`],
  ['a key of others twice', `[dev]\n${keys('A')}output = x\noutput = y\n`],
  ['two sections of its name', `[dev]\n${keys('A')}[dev]\n${keys('B')}`],
  ['two sections of its name, one with a token', `[dev]\n${keys('A')}aws_session_token = T\n[dev]\n${keys('B')}`],
  ['two sections of its name, apart', `[dev]\n${keys('A')}[prod]\n${keys('B')}[dev]\nregion = x\n`],
  ['an indented header below', `[dev]\n${keys('A')}  [prod]\n${keys('B')}`],
  [
    'an indented header below, and no key twice',
    `[dev]\nregion = x\n  [default]\n${keys('B')}`,
    { want: { region: 'x\n[default]', ...pair('B') }, why: why.deeper },
  ],
  ['an indented key below a value', `[dev]\naws_access_key_id = AKIAA\n  aws_secret_access_key = sA\n`, refusal],
  [
    'an indented key below a value of others',
    `[dev]\n${keys('A')}output = json\n  region = x\n`,
    { want: pair('A'), why: why.deeper },
  ],
  [
    'a line of its own below a value',
    `[dev]\n${keys('A')}region = eu-west-1\n  x\n`,
    { want: { ...pair('A'), region: 'eu-west-1\nx' }, why: 'no region has a line break' },
  ],
  ['a value below its key', `[dev]\n${keys('A')}region =\n  eu-west-1\n`],
  ['a command below its key', '[dev]\ncredential_process =\n  ./get\n'],
  ['a nested line without an equals sign', `[dev]\ns3 =\n  path\n${keys('A')}`],
  ['a header among nested keys', `[dev]\ns3 =\n  a = b\n  [prod]\n${keys('A')}`],
  [
    'a nested key twice in other letters',
    '[dev]\nsts =\n  endpoint_url = http://x\n  Endpoint_URL = http://y\n',
    { want: { 'sts.endpoint_url': 'http://x', 'sts.Endpoint_URL': 'http://y' }, why: why.nested },
  ],
  ['a header stuck to a value', `[dev]\n${keys('A')}toolkit_artifact_guid=1111[new]\n${keys('B')}`],
  [
    'a header stuck to a value, and no key twice',
    `[dev]\nregion = eu-west-1[new]\n${keys('B')}`,
    { want: { region: 'eu-west-1[new]', ...pair('B') }, why: why.stuck },
  ],
  [
    'a header stuck to a nested value',
    `[dev]\nsts =\n  endpoint_url = http://x[new]\n${keys('B')}`,
    { want: { 'sts.endpoint_url': 'http://x[new]', ...pair('B') }, why: why.stuck },
  ],
  [
    'a header stuck to an empty value',
    `[dev]\naws_session_token =[new]\n${keys('B')}`,
    { want: { aws_session_token: '[new]', ...pair('B') }, why: why.stuck },
  ],
  [
    'a command with a comment',
    '[dev]\ncredential_process = ./get # mine\n',
    { want: { credential_process: './get # mine' }, why: why.command },
  ],
  [
    'a command with a comment after a semicolon',
    '[dev]\ncredential_process = ./get "a" ;mine\n',
    { want: { credential_process: './get "a" ;mine' }, why: why.command },
  ],
  [
    'a command with a comment in its second line',
    '[dev]\ncredential_process = ./get\n  a # mine\n',
    { want: { credential_process: './get\na # mine' }, why: why.command },
  ],
  [
    'a command with a backslash at the end of a line',
    '[dev]\ncredential_process = ./get \\\n  --role\n',
    { want: { credential_process: './get \\\n--role' }, why: 'a shell would join the lines, and it does not' },
  ],
  ['the id alone', '[dev]\naws_access_key_id = AKIAA\n', 'the same'],
  [
    'the id and an empty secret',
    '[dev]\naws_access_key_id = AKIAA\naws_secret_access_key =\n',
    { want: { aws_access_key_id: 'AKIAA' }, why: why.empty },
  ],
];

/** What the line that refuses one profile leaves alone. */
const untouched: readonly (readonly [name: string, text: string])[] = [
  ['another section of the file with a bad line', `[dev]\n${keys('A')}nothing\n[prod]\n${keys('B')}`],
  ['another section of the file with a key twice', `[dev]\nregion = x\nregion = y\n[prod]\n${keys('B')}`],
  ['another name twice', `[dev]\n${keys('A')}[prod]\n${keys('B')}[dev]\n`],
  ['something before the first header', `region = x\n[prod]\n${keys('B')}`],
  ['a header without a name in another section', `[dev]\n[]\n[prod]\n${keys('B')}`],
];

const ours: readonly Differing[] = [
  ['a byte order mark', `\uFEFF[dev]\n${keys('A')}`, pair('A'), 'refused', why.mark],
  [
    'a comment after a value',
    '[dev]\nregion = us-east-1 # Ireland\n',
    { region: 'us-east-1' },
    { region: 'us-east-1 # Ireland' },
    why.comment,
  ],
  [
    'a comment after a secret',
    '[dev]\naws_access_key_id = AKIAA\naws_secret_access_key = sA ;x\n',
    pair('A'),
    { ...pair('A'), aws_secret_access_key: 'sA ;x' },
    why.comment,
  ],
  [
    'a comment in the place of a value',
    `[dev]\n${keys('A')}region = # none\n`,
    pair('A'),
    { ...pair('A'), region: '# none' },
    why.comment,
  ],
  ['a bracket in the comment of a header', `[dev] # [prod]\n${keys('A')}`, pair('A'), 'absent', why.header],
  ['a key without a value', `[dev]\n${keys('A')}aws_session_token =\n`, pair('A'), pair('A'), why.empty],
  [
    '[DEFAULT]',
    `[DEFAULT]\naws_session_token = T\n[dev]\n${keys('A')}`,
    pair('A'),
    { ...pair('A'), aws_session_token: 'T' },
    why.dealt,
  ],
  ['[DEFAULT] alone', `[DEFAULT]\n${keys('D')}[dev]\n`, {}, pair('D'), why.dealt],
  [
    'a section twice that says the same',
    `[dev]\n${keys('A')}[dev]\n# the same\n${keys('A')}`,
    pair('A'),
    'refused',
    why.one,
  ],
  [
    'a nested key in capitals',
    '[dev]\nsts =\n  Endpoint_URL = http://x\n',
    { 'sts.endpoint_url': 'http://x' },
    { 'sts.Endpoint_URL': 'http://x' },
    why.nested,
  ],
];

/** Of the config file alone: how a name is written in a header. */
const names: readonly (readonly [header: string, profile: string, want: 'read' | 'absent', reason?: string])[] = [
  ['profile "My Laptop"', 'My Laptop', 'read'],
  ["profile 'My Laptop'", 'My Laptop', 'read'],
  ['profile My\\ Laptop', 'My Laptop', 'read'],
  ['profile "a\\"b"', 'a"b', 'read'],
  ['profile "a\\b"', 'a\\b', 'read'],
  ['profile Dev" "Tenant', 'Dev Tenant', 'read'],
  ["profile 'Dev Tenant.Administrator'", 'Dev Tenant.Administrator', 'read'],
  ['profile "team #1"', 'team #1', 'read'],
  ['profile "a]b"', 'a]b', 'read'],
  ['profile Café', 'Café', 'read'],
  ['profile a/b@c+d:e%f,g&h(i)', 'a/b@c+d:e%f,g&h(i)', 'read'],
  ['profile  dev', 'dev', 'read'],
  ['profile\tdev', 'dev', 'read'],
  ['profile "dev"', 'dev', 'read'],
  ['default', 'default', 'read'],
  ['profile default', 'default', 'read'],
  ['profile DEFAULT', 'DEFAULT', 'read'],
  ['profile __proto__', '__proto__', 'read'],
  ['profile constructor', 'constructor', 'read'],
  ['profile My Laptop', 'My Laptop', 'absent'],
  ['profile "dev', 'dev', 'absent'],
  ["profile Bob's", "Bob's", 'absent'],
  ['dev', 'dev', 'absent'],
  ['Profile dev', 'dev', 'absent'],
  ['profile', 'profile', 'absent'],
  ['"profile" dev', 'dev', 'absent'],
  ['sso-session dev', 'dev', 'absent'],
  ['services dev', 'dev', 'absent'],
  ['preview', 'preview', 'absent'],
  [' profile dev ', 'dev', 'read', why.blanks],
  ['profiles dev', 'dev', 'absent', why.prefix],
];

/** A header without text of its own is read with a pair of keys. */
function named([header, profile, want, reason]: (typeof names)[number]): Row {
  const outcome = want === 'read' ? pair('A') : 'absent';
  const other = want === 'read' ? 'absent' : pair('A');
  return {
    name: `config: [${header}]`,
    config: `[${header}]\n${keys('A')}`,
    profile,
    want: outcome,
    botocore: reason === undefined ? undefined : { want: other, why: reason },
  };
}

const token = 'aws_session_token = T\n';
const both: readonly Row[] = [
  {
    name: 'the credentials file wins, key by key',
    profile: 'dev',
    config: '[profile dev]\nregion = a\noutput = x\nexternal_id = e\n',
    credentials: '[dev]\nregion = b\n',
    want: { region: 'b', external_id: 'e' },
  },
  {
    name: 'a key without a value does not win',
    profile: 'dev',
    config: '[profile dev]\nregion = a\n',
    credentials: `[dev]\nregion =\n${keys('A')}`,
    want: { region: 'a', ...pair('A') },
    botocore: { want: pair('A'), why: why.empty },
  },
  {
    name: 'keys and token of the credentials file',
    profile: 'dev',
    config: `[profile dev]\n${keys('CONF')}${token}`,
    credentials: `[dev]\n${keys('CRED')}`,
    want: pair('CRED'),
  },
  {
    name: 'keys of the config file, a token in the credentials file',
    profile: 'dev',
    config: `[profile dev]\n${keys('CONF')}`,
    credentials: `[dev]\n${token}`,
    want: pair('CONF'),
  },
  {
    name: 'keys of the config file, a secret in the credentials file',
    profile: 'dev',
    config: `[profile dev]\n${keys('CONF')}`,
    credentials: '[dev]\naws_secret_access_key = sHALF\n',
    want: pair('CONF'),
  },
  {
    name: 'half a pair in the credentials file',
    profile: 'dev',
    config: `[profile dev]\n${keys('CONF')}`,
    credentials: '[dev]\naws_access_key_id = AKIAHALF\n',
    want: 'refused',
  },
  {
    name: 'a pair of two halves',
    profile: 'dev',
    config: '[profile dev]\naws_access_key_id = AKIAHALF\n',
    credentials: '[dev]\naws_secret_access_key = sHALF\n',
    want: 'refused',
  },
  {
    name: 'keys in one file, a region in the other, by a name with a blank',
    profile: 'Foo Bar',
    config: "[profile 'Foo Bar']\nregion = eu-west-1\n",
    credentials: `[Foo Bar]\n${keys('A')}`,
    want: { ...pair('A'), region: 'eu-west-1' },
  },
  {
    name: 'the security token of the file with the id',
    profile: 'dev',
    config: '[profile dev]\naws_security_token = OLD\n',
    credentials: `[dev]\n${keys('A')}aws_security_token = T\n`,
    want: { ...pair('A'), aws_security_token: 'T' },
  },
  {
    name: 'the header of the config file in the credentials file',
    profile: 'dev',
    credentials: `[profile dev]\n${keys('A')}`,
    want: 'absent',
  },
  {
    name: '[profile default] after [default]',
    profile: 'default',
    config: `[default]\n${keys('A')}region = x\n[profile default]\n${keys('B')}`,
    want: pair('B'),
  },
  {
    name: '[default] after [profile default]',
    profile: 'default',
    config: `[profile default]\n${keys('A')}[default]\n${keys('B')}`,
    want: 'refused',
    botocore: { want: pair('B'), why: why.twice },
  },
  {
    name: 'one name in two forms',
    profile: 'dev',
    config: `[profile dev]\n${keys('A')}[profile "dev"]\n${keys('B')}`,
    want: 'refused',
    botocore: { want: pair('B'), why: why.twice },
  },
  {
    name: 'blanks in the brackets',
    profile: 'dev',
    credentials: `[ dev ]\n${keys('A')}`,
    want: pair('A'),
    botocore: { want: 'absent', why: why.blanks },
  },
  {
    name: 'a name that the line may have begun',
    profile: 'prod',
    credentials: `[dev]\n${keys('A')}[prod\n${keys('B')}`,
    want: 'refused',
  },
  {
    name: 'a name that a stuck header may have begun',
    profile: 'new',
    credentials: `[old]\nregion = x[new]\n${keys('B')}`,
    want: 'refused',
    botocore: { want: 'absent', why: why.stuck },
  },
  {
    name: 'a name that an indented header may have begun',
    profile: 'prod',
    credentials: `[dev]\nregion = x\n  [prod]\n${keys('B')}`,
    want: 'refused',
    botocore: { want: 'absent', why: why.deeper },
  },
  { name: 'keys before the first header', profile: 'default', credentials: keys('A'), want: 'refused' },
  {
    name: 'a source by a name with a blank',
    profile: 'role',
    config: `[profile role]\nrole_arn = r\nsource_profile = My Laptop\n[profile "My Laptop"]\n${keys('A')}`,
    want: { role_arn: 'r', source_profile: 'My Laptop' },
  },
  {
    name: 'a source by a name with a comment sign',
    profile: 'role',
    config: `[profile role]\nrole_arn = r\nsource_profile = team #1\n[profile "team #1"]\n${keys('A')}`,
    want: { role_arn: 'r', source_profile: 'team #1' },
  },
  {
    name: 'a source and a comment',
    profile: 'role',
    config: `[profile role]\nrole_arn = r\nsource_profile = team #1\n[profile team]\n${keys('A')}`,
    want: { role_arn: 'r', source_profile: 'team' },
    botocore: { want: { role_arn: 'r', source_profile: 'team #1' }, why: why.comment },
  },
  { name: 'no file', profile: 'dev', want: 'absent' },
];

export const rows: readonly Row[] = [
  ...readable.flatMap(([name, text, want]) => either({ name, text, profile: 'dev', want })),
  ...refusals.flatMap(([name, text, botocore = refusal]) =>
    either({ name, text, profile: 'dev', want: 'refused', botocore: botocore === 'the same' ? undefined : botocore }),
  ),
  ...untouched.flatMap(([name, text]) => either({ name, text, profile: 'prod', want: pair('B'), botocore: refusal })),
  ...ours.flatMap(([name, text, want, theirs, reason]) =>
    either({ name, text, profile: 'dev', want, botocore: { want: theirs, why: reason } }),
  ),
  ...names.map(named),
  ...both,
];

/** The same text with another line end. */
export const lineEnds = { LF: '\n', CRLF: '\r\n', CR: '\r' } as const;
export const withLineEnd = (text: string | undefined, lineEnd: string) => text?.replaceAll('\n', lineEnd);
