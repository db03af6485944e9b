// A registry of npm on loopback, with packages that a test makes.
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { execFileSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** A registry, which `close` ends. */
export async function startRegistry() {
  const tarballs = new Map(), packages = new Map(), asked = [];
  const server = createServer((request, response) => {
    asked.push(request.url);
    const name = decodeURIComponent(request.url.slice(1));
    const body = tarballs.get(request.url) ?? (packages.has(name) ? JSON.stringify(packages.get(name)) : null);
    response.writeHead(body === null ? 404 : 200, { 'content-type': 'application/json' }).end(body ?? '{}');
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${server.address().port}/`;
  return {
    url,
    asked,
    /** Adds a version of a package: its files, and what else its package.json says. */
    publish(name, version, files, more = {}) {
      const manifest = { name, version, main: 'index.js', ...more };
      const tarball = more.tarball ?? pack({ 'package.json': JSON.stringify(manifest), ...files });
      const path = `/${name}/-/${name.slice(name.lastIndexOf('/') + 1)}-${version}.tgz`;
      tarballs.set(path, tarball);
      const known = packages.get(name) ?? { name, 'dist-tags': {}, versions: {} };
      const integrity = `sha512-${createHash('sha512').update(tarball).digest('base64')}`;
      known.versions[version] = { ...manifest, dist: { tarball: `${url.slice(0, -1)}${path}`, integrity } };
      known['dist-tags'].latest = version;
      packages.set(name, known);
    },
    /** From now on a version has another tarball, while the registry tells the old hash. */
    replace: (name, version, files) => tarballs.set(`/${name}/-/${name}-${version}.tgz`, pack(files)),
    /** From now on a version has no tarball, while the registry lists it. */
    lose: (name, version) => tarballs.delete(`/${name}/-/${name.slice(name.lastIndexOf('/') + 1)}-${version}.tgz`),
    close: () => new Promise((resolve) => { server.closeAllConnections(); server.close(resolve); }),
  };
}

/** A tarball as npm makes it. */
export function pack(files) {
  const folder = mkdtempSync(join(tmpdir(), 'faas-package-'));
  try {
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(join(folder, 'package', dirname(name)), { recursive: true });
      writeFileSync(join(folder, 'package', name), text);
    }
    execFileSync('tar', ['-czf', join(folder, 'p.tgz'), '-C', folder, 'package']);
    return readFileSync(join(folder, 'p.tgz'));
  } finally {
    rmSync(folder, { recursive: true });
  }
}
