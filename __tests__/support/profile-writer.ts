// A step of its own process: writes sections into a file, or takes them out, while others do the same; or looks whether it could.
import { createFiles } from '../../src/adapters/machine/files.ts';
import { placeSection, sectionsIn } from '../../src/formats/ini.ts';

const [path = '', owner = '', count = '', act = ''] = process.argv.slice(2);
const files = createFiles();
if (act === 'check') files.checkWritable(path);
else
  for (let index = 0; index < Number(count); index += 1) {
    const header = `${owner}-${index}`;
    files.edit(path, owner, (text = '') => {
      if (act === 'write') return placeSection(text, { header, keys: { owner, index: String(index) } }, undefined).text;
      const section = sectionsIn(text).find((candidate) => candidate.header === header);
      if (section === undefined) throw new Error(`${header} is lost`);
      return text.slice(0, section.start) + text.slice(section.end + 1);
    });
  }
