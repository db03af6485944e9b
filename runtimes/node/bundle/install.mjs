// Installs libraries by pnpm, from the registry of the build alone, and runs none of their code.
//
// Theory of operation: pnpm gets a project of its own, whose only content is the list of libraries and, if there is one, their lock. A lock
// is installed as it is, each tarball checked against its hash; without one pnpm chooses the versions, and the lock is what it wrote. What
// comes from elsewhere than the registry, as a package may require it, is refused. Scripts of packages are off. The store of packages lies
// beside the project, so that pnpm links files instead of copying them. Of what a library has for several platforms, as optional
// dependencies, that for this one is installed. pnpm goes without an optional dependency that it cannot fetch, and leaves it out of the
// lock that it keeps of what is installed. Here that is a failure: the same lock would give sometimes this, sometimes that.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

import { Refusal } from './declared.mjs';

/** The folder of the project; its node_modules has the libraries. */
export const PROJECT = '/tmp/libraries';

/** How pnpm lays the packages out: each beside links to those that it needs; or as npm does, all in one folder, without links. */
export const [ISOLATED, HOISTED] = ['isolated', 'hoisted'];

const LOCK = `${PROJECT}/pnpm-lock.yaml`;
const INSTALLED = `${PROJECT}/node_modules/.pnpm/lock.yaml`;
const PLATFORM = `supportedArchitectures:\n  os: [linux]\n  cpu: [${process.arch}]\n  libc: [glibc]\n`;
const FROM_REGISTRY = /^ {4}resolution: \{integrity: [a-z0-9]+-[A-Za-z0-9+/=]+\}$/;
const NO_ROOM = /ENOSPC|os error 28\b|No space left on device/i;
const GIT = /\bgit ls-remote\b|\bspawn git\b|\bgit(?:\+[a-z]+)?:\/\//;
const ADDRESS = /(?<!\w)https?:\/\/(?!127\.0\.0\.1\b|pnpm\.io\b)/;
const FRAME = /^\s*(?:[×│├╰─▶]+\s*)*/; // pnpm draws its errors as a tree

/** Installs, and returns the lock. Throws Refusal in pnpm's own words. */
export async function install(pnpm, { declared, lock, registry, log, layout = ISOLATED }) {
  mkdirSync(PROJECT, { recursive: true });
  const dependencies = Object.fromEntries([...declared].sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, { range }]) => [name, range]));
  writeFileSync(`${PROJECT}/package.json`, JSON.stringify({ private: true, dependencies }));
  writeFileSync(`${PROJECT}/pnpm-workspace.yaml`, PLATFORM);
  if (lock !== null) writeFileSync(LOCK, checked(lock));
  const errors = [];
  const takers = { stdout: log, stderr: (line) => errors.push(line.replace(FRAME, '')) };
  const status = await run(pnpm, argumentsFor(lock, registry, layout), takers);
  for (const line of errors) log(line);
  if (status === 'SIGKILL') throw new Refusal('The installation was killed: it needs more memory than faas.libraries.build.memory.');
  if (status !== 0) {
    throw new Refusal([...errors.filter((line) => line !== ''), ...reasons(errors)].join('\n') || `pnpm ended with ${status}.`);
  }
  const chosen = checked(readFileSync(LOCK, 'utf8'));
  const installed = new Set(namesIn(readFileSync(INSTALLED, 'utf8')));
  const missing = namesIn(chosen).find((name) => !installed.has(name));
  if (missing === undefined) return chosen;
  throw new Refusal([`${missing} could not be had.`, ...errors].join('\n'));
}

/** What pnpm's words do not say: the setting that bounds its room, and where libraries may come from. */
export function* reasons(errors) {
  if (errors.some((line) => NO_ROOM.test(line))) yield 'Half of faas.libraries.build.memory is the room for files of an installation.';
  if (errors.some((line) => GIT.test(line) || ADDRESS.test(line))) {
    yield 'Libraries come from the registry alone: not from git, and not from another address.';
  }
}

// The last section of a lock has an entry for each package, NAME@VERSION with what it needs.
const namesIn = (lock) => lock.slice(lock.indexOf('\nsnapshots:\n')).match(/(?<=^ {2}'?)[^\s'].*?(?='?:(?: \{\})?$)/gm) ?? [];

// pnpm writes how it has got a package into one line, behind the line with its name.
function checked(lock) {
  const lines = lock.split('\n');
  const wrong = lines.findIndex((line) => /\bresolution\b|\blink:/.test(line) && !FROM_REGISTRY.test(line));
  if (wrong < 0) return lock;
  const name = lines[wrong].includes('link:') ? lines[wrong].trim() : lines[wrong - 1]?.trim().replace(/:$/, '');
  throw new Refusal(`${name} is none of the registry's; libraries come from the registry alone.`);
}

function argumentsFor(lock, registry, layout) {
  return [
    'install', '--prod', '--ignore-scripts', '--reporter=append-only', lock === null ? '--no-frozen-lockfile' : '--frozen-lockfile',
    `--store-dir=${PROJECT}/store`, `--config.node-linker=${layout}`, `--config.registry=${registry}`, '--config.fetch-retries=0',
    '--config.update-notifier=false',
    '--config.minimum-release-age=0', // the registry leaves young versions out
  ];
}

function run(program, args, takers) {
  const environment = { HOME: PROJECT, PATH: process.env.PATH, CI: 'true', NO_COLOR: '1' };
  const child = spawn(program, args, { cwd: PROJECT, env: environment, stdio: ['ignore', 'pipe', 'pipe'] });
  for (const [name, taker] of Object.entries(takers)) createInterface({ input: child[name] }).on('line', taker);
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => resolve(code ?? signal));
  });
}
