import type { ActJob } from './act-log.ts';

/** What main says in a run that goes well, with the line of each profile below the plan, and what post says. */
// act does not know a mask again that holds "::", and prints it; the account in it is masked all the same.
const byMain =
  /^(Skipped|Source|Plan| {2}\S+( \([\w-]+\))? → |Delivered|Blanked|No role and no source|::add-mask::arn:aws:sts::\*\*\*:)/;
const byPost = /^(Restored|Removed|Nothing to restore)\b/;

/** What the workflow's own steps said. */
export const said = ({ printed }: ActJob): readonly string[] =>
  printed.filter((line) => !byMain.test(line) && !byPost.test(line));

/** What each post says that it undid, the last use first. */
export const undone = ({ printed }: ActJob): readonly string[] => printed.filter((line) => byPost.test(line));
