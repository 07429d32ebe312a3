// The emulator in a process of its own, so that its work is not on the clock of the process that measures.
import { startEmulator } from '../emulator/emulator.ts';

const emulator = await startEmulator({ latency: Number(process.argv[2] ?? 0) });
process.on('message', () => {
  const operations = emulator.requests().map(({ operation }) => operation);
  emulator.reset();
  process.send?.({ operations });
});
process.on('disconnect', () => emulator.close());
process.send?.({ environment: emulator.environment });
