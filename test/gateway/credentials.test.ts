import { expect, test } from '@jest/globals';
import { gatewaySchema } from '../../settings/gateway.js';
import { variablesOf } from '../../settings/reader.js';
import { compose } from '../support/compose.js';
import { readSources } from '../support/imports.js';

const VENDOR = /ACRONIS|CLOUDS/;

test('no setting of the gateway is a credential of a cloud', () => {
  const names = Object.values(gatewaySchema.shape)
    .flatMap(variablesOf)
    .map(([name]) => name);
  expect(names).toEqual(expect.arrayContaining(['TEMPORAL_ADDRESS', 'TENANTRY_SOURCES', 'TENANTRY_CODEC_KEYS']));
  expect(names.filter((name) => VENDOR.test(name))).toEqual([]);
});

test('the gateway of the compose file is given none, and no folder in which the worker has secrets', () => {
  const { environment = {}, secrets = [], volumes = [] } = compose.services['gateway']!;
  const worker = compose.services['worker']!;
  expect(Object.keys(environment).filter((name) => VENDOR.test(name))).toEqual([]);
  expect(secrets).toEqual(['codec_keys']);
  const places = (mounts: readonly string[]) => mounts.map((mount) => mount.split(':')[0]!);
  const secretPlaces = places(worker.volumes ?? []).filter((place) => place.includes('secrets'));
  expect(secretPlaces).not.toEqual([]);
  expect(places(volumes).filter((place) => secretPlaces.includes(place))).toEqual([]);
});

test('no code of the gateway reaches the code that calls a cloud', () => {
  const { imports } = readSources([
    'gateway',
    'client',
    'sources',
    'catalogue',
    'settings',
    'vault',
    'telemetry',
    'contract',
  ]);
  const reached = new Set<string>();
  const visit = (file: string) => {
    if (reached.has(file)) return;
    reached.add(file);
    for (const one of imports) if (one.from === file && !one.typeOnly) visit(one.to);
  };
  visit('gateway/index.ts');
  expect(reached.size).toBeGreaterThan(20);
  const callers = /^(acronis|activities|worker|workflows(?!\/[^/]+\/contract\.ts$)|planning)\//;
  expect([...reached].filter((file) => callers.test(file))).toEqual([]);
});
