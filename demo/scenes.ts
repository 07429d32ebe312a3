import { callerArn } from './caller.ts';
import { awsVariables, claimNoLeak, claimRequests, type Theatre, variables, withJob } from './theatre.ts';

const deploy = 'arn:aws:iam::111111111111:role/deploy';
const target = 'arn:aws:iam::222222222222:role/target';
const final = 'arn:aws:iam::333333333333:role/final';
const nobody = 'arn:aws:iam::111111111111:role/nobody';

const inputs = (...roles: readonly string[]) => ({
  'role-to-assume': roles.join('\n'),
  'aws-region': 'eu-west-1',
  'role-session-name': 'demo',
});

/** One role by the job's ID token, used by a later step, and put back. */
export const oneRole = (theatre: Theatre): Promise<void> =>
  withJob(theatre, { AWS_REGION: 'us-east-1' }, async (job) => {
    const { stage, emulator } = theatre;
    stage.scene('One role', 'A step takes the job’s ID token to AWS and comes back with credentials for one role.');
    const before = awsVariables(job);
    const main = await job.use({ with: inputs(deploy) });
    stage.log(main.log);
    stage.claim('it succeeds', main.exitCode === 0);
    claimRequests(theatre, 'two requests were made', ['IdToken', 'AssumeRoleWithWebIdentity']);
    claimNoLeak(theatre, main);
    const exported = Object.keys(main.exported);
    stage.claim(
      `later steps find ${variables.join(', ')}`,
      exported.toSorted().join() === variables.toSorted().join() && Object.values(main.exported).every(Boolean),
      `exported: ${exported.join(', ')}`,
    );
    const { outputs } = main;
    stage.claim(
      `its outputs name account ${outputs['aws-account-id']}, region ${outputs['aws-region']}, source ${outputs['credential-source']}`,
      [outputs['aws-account-id'], outputs['aws-region'], outputs['credential-source']].join() ===
        '111111111111,eu-west-1,oidc',
    );

    stage.scene('A later step uses them', 'A GetCallerIdentity, signed by an AWS SDK with the job’s variables.');
    const arn = await callerArn(job);
    stage.note(arn);
    stage.claim('AWS takes the signature, and knows the caller', arn === outputs['authenticated-arn']);
    const signer = emulator.requests().at(-1)?.signedBy;
    stage.claim('signed by the key that was delivered', signer === main.exported.AWS_ACCESS_KEY_ID);

    stage.scene('Post puts the job back', 'This job had AWS_REGION=us-east-1 before; it has it again.');
    const [post] = await job.finish();
    if (post === undefined) return stage.claim('post runs', false);
    stage.log(post.log);
    stage.claim('it succeeds', post.exitCode === 0);
    claimNoLeak(theatre, post);
    const after = awsVariables(job);
    stage.claim(
      'every AWS variable is what it was, and those that were not there are blank',
      JSON.stringify(Object.entries(after).toSorted()) === JSON.stringify(Object.entries(before).toSorted()),
      `now set: ${Object.keys(after).join(', ')}`,
    );
  });

/** Three roles, each assumed with the credentials of the one before. */
export const chain = (theatre: Theatre): Promise<void> =>
  withJob(theatre, {}, async (job) => {
    const { stage, emulator } = theatre;
    stage.scene('A chain of three', 'Three roles in three accounts, one a line in role-to-assume.');
    const main = await job.use({ with: inputs(deploy, target, final) });
    stage.log(main.log);
    stage.claim('it succeeds', main.exitCode === 0);
    claimRequests(theatre, 'one request a hop', ['IdToken', 'AssumeRoleWithWebIdentity', 'AssumeRole', 'AssumeRole']);
    claimNoLeak(theatre, main);
    const signers = emulator.requests().flatMap(({ signedBy }) => (signedBy === undefined ? [] : [signedBy]));
    stage.claim(
      'each hop is signed with the credentials of the one before, and those are never delivered',
      new Set([...signers, main.exported.AWS_ACCESS_KEY_ID]).size === 3,
    );
    const arn = await callerArn(job);
    stage.note(arn);
    stage.claim('the job is the last role', arn === 'arn:aws:sts::333333333333:assumed-role/final/demo');
    await job.finish();
    stage.claim('post leaves nothing of it', !variables.some((name) => job.environment[name]));
  });

/** What a refused step looks like, and that it leaves nothing behind. */
const refused = (theatre: Theatre, roles: readonly string[]): Promise<void> =>
  withJob(theatre, {}, async (job) => {
    const { stage, emulator } = theatre;
    const start = performance.now();
    const main = await job.use({ with: inputs(...roles) });
    const seconds = (performance.now() - start) / 1000;
    stage.log(main.log);
    stage.claim('the step fails', main.exitCode === 1);
    const last = emulator.requests().at(-1);
    stage.claim(
      'AWS refused the role, and was asked nothing more',
      last?.error === 'AccessDenied' && last.parameters.RoleArn === nobody,
    );
    const said = main.annotations.find(({ level }) => level === 'error')?.message ?? '';
    stage.claim(
      'the error is ACCESS_DENIED, and names the role',
      said.startsWith('ACCESS_DENIED') && said.includes(nobody),
    );
    stage.claim(`it says so within three seconds (${seconds.toFixed(1)} s)`, seconds < 3);
    claimNoLeak(theatre, main);
    stage.claim('nothing was delivered', Object.keys(main.exported).length === 0);
    const [post] = await job.finish();
    stage.claim('post has nothing to fail on', post?.exitCode === 0);
  });

/** A role whose trust policy does not let this job in, first as the only one, then at the end of a chain. */
export async function denials(theatre: Theatre): Promise<void> {
  theatre.stage.scene('A denial', 'The role trusts another repository. This is what a person gets to read.');
  await refused(theatre, [nobody]);
  theatre.stage.scene(
    'A denial half way',
    'The first role is granted, the second refuses it: the first is not delivered.',
  );
  await refused(theatre, [deploy, nobody]);
}

/** A step that dies in the middle of its delivery. */
export const crash = (theatre: Theatre): Promise<void> =>
  withJob(theatre, { AWS_REGION: 'us-east-1' }, async (job) => {
    const { stage } = theatre;
    stage.scene('A crash', 'The step is killed right after it exported its secret key.');
    const main = await job.use({
      with: inputs(deploy),
      kill: ({ exported }) => exported.includes('AWS_SECRET_ACCESS_KEY'),
    });
    stage.claim('it is dead', main.signal === 'SIGKILL');
    stage.claim('its secret key is in the job', Boolean(job.environment.AWS_SECRET_ACCESS_KEY));
    const [post] = await job.finish();
    if (post === undefined) return stage.claim('post runs', false);
    stage.log(post.log);
    const left = Object.keys(awsVariables(job))
      .filter((name) => !name.startsWith('AWS_ENDPOINT_URL'))
      .join();
    stage.claim(
      'post undoes it all the same',
      left === 'AWS_REGION' && job.environment.AWS_REGION === 'us-east-1',
      left,
    );
  });
