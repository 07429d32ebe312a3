import { createJob } from '../adapters/github/job.ts';
import { createFiles } from '../adapters/machine/files.ts';
import { processEnvironment } from '../adapters/machine/process.ts';
import { cleanUp } from '../clean-up.ts';

cleanUp(createJob(processEnvironment()), { env: processEnvironment(), files: createFiles() });
