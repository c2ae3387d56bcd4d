import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import type { FastifyInstance } from 'fastify';

const types = {
  'style.css': 'text/css; charset=utf-8',
  'live.js': 'text/javascript; charset=utf-8',
  'idiomorph.js': 'text/javascript; charset=utf-8',
  'icon.svg': 'image/svg+xml',
} as const;

export type AssetName = keyof typeof types;

interface Asset {
  type: string;
  plain: Buffer;
  packed: Buffer;
  version: string;
}

function load(name: AssetName): Asset {
  const plain = readFileSync(new URL(`./files/${name}`, import.meta.url));
  const version = createHash('sha256').update(plain).digest('hex').slice(0, 12);
  return { type: types[name], plain, packed: gzipSync(plain), version };
}

const names = Object.keys(types) as AssetName[];
const assets = Object.fromEntries(names.map((name) => [name, load(name)])) as Record<AssetName, Asset>;

/** The address of a file of the page; another one whenever its content is another. */
export function addressOf(name: AssetName): string {
  return `/page/${name}?v=${assets[name].version}`;
}

/** Serves the page's own files. They hold nothing that a stranger may not see. */
export function addAssets(app: FastifyInstance): void {
  for (const name of names)
    app.get(`/page/${name}`, (request, reply) => {
      const { type, plain, packed } = assets[name];
      const takesGzip = /\bgzip\b/.test(request.headers['accept-encoding'] ?? '');
      void reply
        .header('content-type', type)
        .header('cache-control', 'public, max-age=31536000, immutable')
        .header('vary', 'accept-encoding')
        .header('x-content-type-options', 'nosniff');
      return takesGzip ? reply.header('content-encoding', 'gzip').send(packed) : reply.send(plain);
    });
}
