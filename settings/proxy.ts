import { BlockList, isIP } from 'node:net';
import { z } from 'zod';
import { optionalText, readEnvironment, type Environment } from './reader.js';

type Variables = Readonly<Record<string, unknown>>;

const EXAMPLE = 'http://proxy.example.com:3128';
const variableOf: Readonly<Record<string, string>> = { 'https:': 'HTTPS_PROXY', 'http:': 'HTTP_PROXY' };
const defaultPorts: Readonly<Record<string, string>> = { 'https:': '443', 'http:': '80' };

/** The proxies for clouds, bucket and webhook. A group that knows such an address asks `proxyFor`. */
export const proxySettings = z
  .looseObject({
    HTTPS_PROXY: optionalText({
      meaning:
        `Proxy towards \`https://\` addresses of clouds, bucket, webhook, and the APIs and keys of sources, such as \`${EXAMPLE}\`, with a login if ` +
        'it needs one. Mail and the connection to Temporal do not use it. `https_proxy` wins over it.',
      secret: true,
    }),
    HTTP_PROXY: optionalText({
      meaning: 'The same for their `http://` addresses. `http_proxy` wins over it.',
      secret: true,
    }),
    NO_PROXY: optionalText({
      meaning:
        'What is reached directly: names (with all names below them), IP addresses and networks, each with a port if ' +
        'only that one is meant, separated by commas; `*` for everything. Loopback addresses always are. `no_proxy` ' +
        'wins over it.',
    }),
  })
  .superRefine((values, context) => {
    for (const variable of Object.values(variableOf)) {
      const address = read(values, variable);
      if (address === undefined || isHttp(withScheme(address))) continue;
      const message = `must be an address such as "${EXAMPLE}"; other kinds of proxy cannot be used`;
      context.addIssue({ code: 'custom', path: [variable], message });
    }
  })
  .transform(() => ({}))
  .meta({ title: 'Proxies' });

/**
 * The proxy through which an address is reached, as `http://login:password@host:port`; undefined if directly.
 * Loopback addresses are always reached directly.
 */
export function proxyFor(address: string, variables: Variables): string | undefined {
  const url = new URL(address);
  const proxy = read(variables, variableOf[url.protocol] ?? '');
  if (proxy === undefined || isLoopback(url.hostname) || isExempt(url, read(variables, 'NO_PROXY') ?? ''))
    return undefined;
  return withScheme(proxy);
}

/** The proxy settings in force, in words and without logins; undefined if there is no proxy. */
export function describeProxies(given?: Environment): string | undefined {
  const environment = readEnvironment(given);
  const proxies = Object.values(variableOf).flatMap((variable) => {
    const address = read(environment, variable);
    return address === undefined ? [] : [`${variable} ${withoutLogin(withScheme(address))}`];
  });
  if (proxies.length === 0) return undefined;
  return [...proxies, `not for ${read(environment, 'NO_PROXY') ?? 'loopback addresses'}`].join(', ');
}

/** As curl and most programs do, the name in small letters wins. */
function read(variables: Variables, name: string): string | undefined {
  const value = variables[name.toLowerCase()] ?? variables[name];
  return typeof value === 'string' && value.trim() !== '' ? value.trim() : undefined;
}

function withScheme(address: string): string {
  return address.includes('://') ? address : `http://${address}`;
}

function isHttp(address: string): boolean {
  return URL.canParse(address) && ['http:', 'https:'].includes(new URL(address).protocol);
}

function withoutLogin(address: string): string {
  if (!isHttp(address)) return '(not an address)';
  const { protocol, host } = new URL(address);
  return `${protocol}//${host}`;
}

const loopback = new BlockList();
loopback.addSubnet('127.0.0.0', 8, 'ipv4');
loopback.addAddress('::1', 'ipv6');

function isLoopback(hostname: string): boolean {
  return /^(.+\.)?localhost$/.test(hostname) || contains(loopback, withoutBrackets(hostname));
}

function isExempt({ protocol, hostname, port }: URL, noProxy: string): boolean {
  const host = withoutBrackets(hostname);
  return noProxy
    .toLowerCase()
    .split(/[\s,]+/)
    .filter((entry) => entry !== '')
    .some((entry) => {
      const [, name = '', onlyPort] = /^(.*?)(?::(\d+))?$/.exec(isIP(entry) === 6 ? `[${entry}]` : entry)!;
      if (onlyPort !== undefined && onlyPort !== (port || defaultPorts[protocol])) return false;
      return name === '*' || isNameWithin(host, name) || contains(toNetwork(withoutBrackets(name)), host);
    });
}

function isNameWithin(host: string, name: string): boolean {
  const bare = name.replace(/^\*?\./, '');
  return host === bare || (isIP(host) === 0 && host.endsWith(`.${bare}`));
}

/** An address, or a network such as `10.0.0.0/8`; empty for anything else. */
function toNetwork(text: string): BlockList {
  const network = new BlockList();
  const [address = '', length] = text.split('/');
  const family = isIP(address) === 6 ? 'ipv6' : 'ipv4';
  const bits = Number(length ?? (family === 'ipv6' ? 128 : 32));
  if (isIP(address) !== 0 && bits >= 0 && bits <= (family === 'ipv6' ? 128 : 32))
    network.addSubnet(address, bits, family);
  return network;
}

function contains(network: BlockList, host: string): boolean {
  return isIP(host) !== 0 && network.check(host, isIP(host) === 6 ? 'ipv6' : 'ipv4');
}

function withoutBrackets(hostname: string): string {
  return hostname.replace(/^\[(.*)\]$/, '$1');
}

/** The path of a file that names addresses, and the proxy towards each of them. */
export function fileWithProxies(path: string | undefined, values: Variables) {
  return { path, proxyFor: (address: string) => proxyFor(address, values) };
}
