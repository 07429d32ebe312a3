import { createFiles } from '../adapters/machine/files.ts';
import { environment } from '../adapters/host.ts';
import { createJob } from '../adapters/github/job.ts';
import { cleanUp } from '../clean-up.ts';

cleanUp(createJob(environment()), { env: environment(), files: createFiles() });
