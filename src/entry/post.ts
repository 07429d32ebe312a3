import { createHost } from '../adapters/host.ts';
import { createJob, requestIdToken } from '../adapters/job.ts';
import { cleanUp } from '../clean-up.ts';

const job = createJob();
cleanUp(job, createHost(job, requestIdToken).env);
