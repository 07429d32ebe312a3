// Shows what the action does, against an emulated AWS and GitHub, and checks everything that it says. Needs no network.
import { startEmulator } from '../emulator/emulator.ts';
import { chain, crash, denials, oneRole } from './scenes.ts';
import { createStage } from './stage.ts';

const emulator = await startEmulator();
const stage = createStage(console.log);
try {
  stage.note(`An AWS and a GitHub of our own listen on ${emulator.url}; dist/ runs as the runner would run it.`);
  for (const play of [oneRole, chain, denials, crash]) await play({ stage, emulator });
} finally {
  await emulator.close();
}
process.exitCode = stage.curtain() ? 0 : 1;
