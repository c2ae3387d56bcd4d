import { existsSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { compose, final, read, root, services } from '../support/compose.js';

describe('the images', () => {
  test('have fixed versions, and the server and its schema the same one', () => {
    const bases = [...read('Dockerfile').matchAll(/^FROM (\S+)/gm)].map(([, name]) => name!);
    const names = [...bases, ...services.map(([, service]) => service.image!)];
    expect(names.filter((name) => !/:(?!latest)\S+$/.test(name))).toEqual([]);
    const version = (name: string) => compose.services[name]!.image!.split(':')[1];
    expect(version('temporal')).toBe(version('schema'));
  });

  test('ours runs as nobody in particular, says how it is, and is stopped by the signal that drains', () => {
    expect(/^USER (.+)$/m.exec(final)![1]).not.toMatch(/^(root|0)/);
    expect(final).toMatch(/^HEALTHCHECK (?!NONE)[^]*\/healthz/m);
    expect(final).toMatch(/^STOPSIGNAL SIGTERM$/m);
    expect(final).toMatch(/TENANTRY_HEALTH_PORT=9464/);
  });

  test('ours is built from every room of the program, and from nothing that is not there', () => {
    const { include } = JSON.parse(read('tsconfig.json')) as { include: string[] };
    const rooms = include.filter((room) => !['test', 'bench'].includes(room));
    const kept = [...read('.dockerignore').matchAll(/^!(.+)$/gm)].map(([, name]) => name!);
    expect(kept).toEqual(expect.arrayContaining(['examples', ...rooms]));
    expect(kept.filter((name) => !existsSync(root + name))).toEqual([]);
  });
});
