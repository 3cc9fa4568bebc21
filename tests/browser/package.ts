//! The npm package as it would be published, and programs that are run in a folder where it is installed.

import { execFile } from 'node:child_process';
import { cp, mkdir, readdir, readFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { promisify } from 'node:util';
import { ROOT } from './binary.ts';
import type { Shop } from './shop.ts';

const run = promisify(execFile);

/** Runs a program in a folder; what it said is in the error when it fails. */
export async function program(folder: string, name: string, words: string[], environment = {}): Promise<string> {
  try {
    return (await run(name, words, { cwd: folder, env: { ...process.env, ...environment } })).stdout;
  } catch (error) {
    const { stdout, stderr } = error as { stdout: string; stderr: string };
    throw new Error(`${name} ${words.join(' ')} failed\n${stdout}${stderr}`);
  }
}

/** A program that npm has installed for the tests. */
export const installed = (name: string) => join(ROOT, 'node_modules/.bin', name);

/** Packs the package into a folder; gives the archive's name. */
export async function pack(folder: string): Promise<string> {
  const words = ['pack', '--json', '--pack-destination', folder];
  const [packed] = Object.values(JSON.parse(await program(join(ROOT, 'sdk-wasm/pkg'), 'npm', words)));
  return (packed as { filename: string }).filename;
}

/** A copy of an example with the packed package in it. */
export async function example(name: string, folder: string): Promise<string> {
  await cp(join(ROOT, 'www/examples', name), folder, { recursive: true });
  const home = join(folder, 'node_modules/engagetrack');
  await mkdir(home, { recursive: true });
  const archive = await pack(folder);
  await program(folder, 'tar', ['-xzf', archive, '--strip-components=1', '-C', home]);
  return folder;
}

const KINDS: Record<string, string> = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css' };

/** Puts a built site into a shop; every other path shows its first page. */
export async function publish(folder: string, shop: Shop): Promise<void> {
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const file = join(entry.parentPath, entry.name);
    const kind = KINDS[extname(file)] ?? 'application/octet-stream';
    shop.put(file.slice(folder.length), { html: await readFile(file, 'utf8'), headers: { 'content-type': kind } });
  }
  shop.everywhere = { html: await readFile(join(folder, 'index.html'), 'utf8') };
}
