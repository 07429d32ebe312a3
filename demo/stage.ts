import { styleText } from 'node:util';

/** Where the demo speaks: titled scenes, plain sentences, log excerpts, and claims that are checked as they are made. */
export interface Stage {
  scene(title: string, explanation: string): void;
  /** What a person would see in the step's log. */
  log(log: string): void;
  note(line: string): void;
  /** Prints a tick where `holds` is true, and a cross and `otherwise` where it is not. */
  claim(sentence: string, holds: boolean, otherwise?: string): void;
  /** Prints the sum and says whether every claim held. */
  curtain(): boolean;
}

// styleText itself heeds NO_COLOR, FORCE_COLOR and whether stdout is a terminal.
const paint = (style: Parameters<typeof styleText>[0], text: string): string =>
  styleText(style, text, { stream: process.stdout });

function painted(line: string): string {
  const [, level, text = ''] = /^##\[(\w+)\](.*)$/.exec(line) ?? [];
  if (level === 'error') return paint('red', `Error: ${text}`);
  if (level === 'warning') return paint('yellow', `Warning: ${text}`);
  if (level === 'notice') return paint('cyan', `Notice: ${text}`);
  if (level === 'group') return paint('bold', `▼ ${text}`);
  return line;
}

const worthShowing = (line: string): boolean => !/^##\[(debug|endgroup)\]/.test(line);

/** A stage that prints with `print`. */
export function createStage(print: (line: string) => void): Stage {
  let scenes = 0;
  let held = 0;
  let broken = 0;
  const indented = (text: string, margin: string) => {
    for (const line of text.trimEnd().split('\n')) print(margin + line);
  };
  return {
    scene(title, explanation) {
      scenes += 1;
      print('');
      print(paint('bold', `${scenes}. ${title}`));
      print(paint('dim', `   ${explanation}`));
    },
    log(log) {
      indented(log.split('\n').filter(worthShowing).map(painted).join('\n'), `   ${paint('dim', '│')} `);
    },
    note: (line) => indented(line, '   '),
    claim(sentence, holds, otherwise) {
      if (holds) held += 1;
      else broken += 1;
      print(`   ${holds ? paint('green', '✓') : paint('red', '✗')} ${sentence}`);
      if (!holds && otherwise !== undefined) indented(paint('red', otherwise), '     ');
    },
    curtain() {
      print('');
      print(
        broken === 0
          ? paint('green', `All ${held} claims hold.`)
          : paint('red', `${broken} of ${held + broken} claims do not hold.`),
      );
      return broken === 0;
    },
  };
}
