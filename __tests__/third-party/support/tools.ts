import type { Tool } from '../../../scripts/third-party-tool.ts';

/** The parts that scripts/third-party.ts made ready. */
export interface Tools {
  readonly act: Tool;
  readonly actionlint: Tool;
  /** `path` is the folder of programs of the virtual environment. */
  readonly python: Tool;
  readonly terraform: Tool;
  /** `path` is the folder below which Node finds aws-cdk-lib. */
  readonly cdk: Tool;
}

const absent: Tool = { kind: 'absent', reason: 'the tests were not started by "npm run test:third-party"' };
const none: Tools = { act: absent, actionlint: absent, python: absent, terraform: absent, cdk: absent };

export const tools: Tools = { ...none, ...JSON.parse(process.env.THIRD_PARTY ?? '{}') };

/** Where a tool is; a test that needs one that is absent is skipped before it asks. */
export function pathOf(tool: Tool): string {
  if (tool.kind === 'ready') return tool.path;
  throw new Error(`It is not there: ${tool.reason}`);
}
