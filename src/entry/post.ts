import { createJob } from '../adapters/github/job.ts';
import { createFiles } from '../adapters/machine/files.ts';
import { environment } from '../adapters/machine/process.ts';
import { cleanUp } from '../clean-up.ts';

cleanUp(createJob(environment()), { env: environment(), files: createFiles() });
