import { expect, test } from '@jest/globals';
import { describeProxies, proxyFor } from '../../settings/proxy.js';

const both = { HTTPS_PROXY: 'http://secure:3128', HTTP_PROXY: 'http://plain:3128' };
const cloud = 'https://eu2-cloud.acronis.com';

test('the scheme of an address chooses its proxy', () => {
  expect(proxyFor(cloud, both)).toBe('http://secure:3128');
  expect(proxyFor('http://hooks.example.com/x', both)).toBe('http://plain:3128');
  expect(proxyFor(cloud, { HTTP_PROXY: 'http://plain:3128' })).toBeUndefined();
  expect(proxyFor(cloud, {})).toBeUndefined();
});

test('names in small letters win, and an address may lack its scheme', () => {
  expect(proxyFor(cloud, { ...both, https_proxy: 'small:3128' })).toBe('http://small:3128');
  expect(proxyFor(cloud, { ...both, NO_PROXY: 'other', no_proxy: '*' })).toBeUndefined();
});

test.each([
  'http://127.0.0.1:8080',
  'http://127.3.2.1',
  'http://localhost:8080',
  'https://a.localhost',
  'http://[::1]:1',
])('the loopback address %s is always reached directly', (address) => {
  expect(proxyFor(address, both)).toBeUndefined();
});

test.each([
  ['*', cloud, true],
  ['acronis.com', cloud, true],
  ['.acronis.com', cloud, true],
  ['*.acronis.com', cloud, true],
  ['EU2-cloud.Acronis.com', cloud, true],
  ['cloud.acronis.com', cloud, false],
  ['example.com, acronis.com', cloud, true],
  ['example.com acronis.com', cloud, true],
  ['acronis.com:443', cloud, true],
  ['acronis.com:8443', cloud, false],
  ['acronis.com:8443', 'https://acronis.com:8443', true],
  ['10.0.0.0/8', 'https://10.1.2.3', true],
  ['10.0.0.0/8', 'https://11.1.2.3', false],
  ['10.1.2.3', 'https://10.1.2.3:9000', true],
  ['2.3', 'https://10.1.2.3', false],
  ['fd00::/8', 'https://[fd12::1]', true],
  ['fd12::1', 'https://[fd12::1]:9000', true],
  ['[fd12::1]:9000', 'https://[fd12::1]:9000', true],
  ['[fd12::1]:9000', 'https://[fd12::1]', false],
  ['10.0.0.0/99', 'https://10.1.2.3', false],
  [',', cloud, false],
])('NO_PROXY %j and %s: reached directly is %j', (noProxy, address, isDirect) => {
  expect(proxyFor(address, { ...both, NO_PROXY: noProxy }) === undefined).toBe(isDirect);
});

test('the settings in force are named without logins', () => {
  expect(describeProxies({ HTTPS_PROXY: 'http://jane:pa55@secure:3128', NO_PROXY: '.internal' })).toBe(
    'HTTPS_PROXY http://secure:3128, not for .internal',
  );
  expect(describeProxies(both)).toBe(
    'HTTPS_PROXY http://secure:3128, HTTP_PROXY http://plain:3128, not for loopback addresses',
  );
  expect(describeProxies({ NO_PROXY: '*' })).toBeUndefined();
});
