import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Action } from '../emulator/runner/action.ts';

/** Bytes of the code that a runner downloads and may run. */
export interface Size {
  readonly files: number;
  readonly raw: number;
  readonly gzipped: number;
}

const code = /\.(?:[cm]?js|json|wasm|node)$/;

function filesBeside(action: Action, script: string): readonly string[] {
  const folder = dirname(script);
  // An entry at the action's root would count its sources and tests too.
  if (folder === action.folder) return [script];
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && code.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name));
}

/** What main and post take on disk, and each file gzipped. */
export function sizeOf(action: Action): Size {
  const scripts = [action.main, ...(action.post === undefined ? [] : [action.post])];
  const files = [...new Set(scripts.flatMap((script) => filesBeside(action, script)))];
  const contents = files.map((file) => readFileSync(file));
  return {
    files: files.length,
    raw: contents.reduce((sum, content) => sum + content.length, 0),
    gzipped: contents.reduce((sum, content) => sum + gzipSync(content, { level: 9 }).length, 0),
  };
}
