/** One role to assume with a web identity token, as planned: all that such a call can carry. */
export interface WebIdentityHop {
  /** An ARN, or a name in the account of the source. */
  readonly role: string;
  /** What messages call it: the input's name, or its place in the chain. */
  readonly label: string;
  readonly sessionName: string;
  readonly durationSeconds: number;
  /** The session policy, as JSON. */
  readonly inlinePolicy?: string | undefined;
  /** ARNs of further session policies. */
  readonly managedPolicies?: readonly string[] | undefined;
  /** `avoided`: the role is assumed again until its keys are letters and digits only. */
  readonly specialCharacters?: 'avoided' | undefined;
}

/** One role to assume, as planned. */
export interface Hop extends WebIdentityHop {
  /** Where it stands in `role-chain`. */
  readonly line?: number | undefined;
  readonly externalId?: string | undefined;
  readonly sourceIdentity?: string | undefined;
  readonly mfa?: Mfa | undefined;
  readonly tags?: readonly Tag[] | undefined;
  /** Keys of `tags` that the sessions after this one keep. */
  readonly transitiveTagKeys?: readonly string[] | undefined;
}

/** A second factor: the device, and the code that it shows. */
export interface Mfa {
  readonly serial: string;
  readonly code: string;
}

/** One session tag. */
export interface Tag {
  readonly key: string;
  readonly value: string;
  /** `droppable`: left out where AWS finds the tags too large; `custom`: asked for by the workflow. */
  readonly origin: 'default' | 'droppable' | 'custom';
}
