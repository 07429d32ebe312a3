// The emulator and the lines to it in a process of their own, so that their work is not on the clock of the process that measures.
import { startEmulator } from '../emulator/emulator.ts';
import { layCourse } from './course.ts';
import { world } from './world.ts';

const [latency, tls, github, aws] = process.argv.slice(2);
const emulator = await startEmulator({ latency: Number(latency), world });
const course = await layCourse(emulator.environment, {
  tls: tls === 'true',
  roundTrips: github === undefined || aws === undefined ? undefined : [Number(github), Number(aws)],
});
process.on('message', () => {
  const operations = emulator.requests().map(({ operation }) => operation);
  emulator.reset();
  process.send?.({ operations, traffic: course.traffic() });
});
process.on('disconnect', () => {
  course.close();
  emulator.close();
});
process.send?.({ environment: course.environment });
